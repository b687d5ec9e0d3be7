import { randomOf } from 'local-cloud/kit/determinism.ts';
import { offeredCertificates } from 'local-cloud/load-balancers/certificate-choice.ts';
import type { AcmCertificate } from 'local-cloud/services/acm/certificate.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { chosenFor } from '#shared/deploy/choice/choice.ts';
import { caseNow, modern, only } from '#test/unit/deploy/choice/case.ts';
import { localCertificate, supports } from './local-certificate.ts';
import { type DrawnList, described, drawList } from './random-lists.ts';

const kinds = ['alb', 'nlb', 'single'] as const;
const lists = 5_000;
const seeds = [1, 2, 3, 4, 5];
const names = ['shop.example.com', 'www.example.com', 'deep.shop.example.com', 'example.org'];

let locals: ReadonlyMap<string, AcmCertificate>;
beforeAll(async () => {
  const made = await Promise.all(described.map((each) => localCertificate(each, 'unused.example')));
  locals = new Map(made.map((each) => [each.arn, each]));
});

describe.each(seeds)('lists drawn with seed %i', (seed) => {
  test('our choice and that of the local balancer agree wherever AWS documents it', () => {
    const random = randomOf(seed);
    const differences = [];
    for (let drawn = 0; drawn < lists / seeds.length; drawn += 1) {
      differences.push(...differencesIn(drawList(random)));
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });
});

function differencesIn(list: DrawnList) {
  const clients = names.flatMap((name) => [modern(name), only('ecdsa', name), only('rsa', name)]);
  const noSni = [modern(null), only('ecdsa', null), only('rsa', null)];
  return kinds.flatMap((kind) =>
    [...clients, ...noSni].flatMap((client) => {
      const ours = chosenFor(kind, list, client, caseNow);
      const got = localChoice(kind, list, client);
      const agrees =
        ours.is === 'certificate' ? got === ours.arn : got === null || ours.among.includes(got);
      return agrees ? [] : [{ kind, client, list, ours, got }];
    }),
  );
}

/** Null where the client can use nothing of what is offered. */
function localChoice(
  kind: (typeof kinds)[number],
  { default: standard, list }: DrawnList,
  client: ReturnType<typeof modern>,
): string | null {
  const held = { default: localOf(standard.arn), list: list.map(({ arn }) => localOf(arn)) };
  const { serverName } = client;
  const asked = { kind, serverName, seenAt: caseNow, now: caseNow };
  const got = offeredCertificates(held, asked).find((each) => supports(client, each));
  const all = [held.default, ...held.list];
  return all.find(({ material }) => material.latest() === got)?.arn ?? null;
}

function localOf(arn: string): AcmCertificate {
  return locals.get(arn) as AcmCertificate;
}
