import { execFile } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import type { Debt } from '#local/demo/everywhere/debt.ts';
import type { Everywhere } from '#local/demo/everywhere/outcome.ts';
import { refusedRegion } from '#local/demo/everywhere/play.ts';
import type { CertificateReport } from '#local/demo/report.ts';
import { targetSpecs } from '#shared/targets/specs.ts';

type Json = Pick<Everywhere, 'orders' | 'refused'> & {
  readonly ok: boolean;
  readonly certificates: readonly CertificateReport[];
};

let status: number | null;
let lines: readonly string[];
let json: Json;

beforeAll(async () => {
  const args = ['local/demo/start.ts', '--fleet', 'everywhere', '--json'];
  const [code, stdout] = await new Promise<[number | null, string]>((resolve) => {
    const child = execFile(process.execPath, args, (_, said) => resolve([child.exitCode, said]));
  });
  const said = stdout.trimEnd().split('\n');
  status = code;
  lines = said.slice(0, -1);
  json = JSON.parse(said.at(-1) ?? '');
}, 180_000);

function targetsOf(certificates: readonly CertificateReport[]) {
  return certificates.flatMap(({ targets }) => targets);
}

function isThere({ place }: { readonly place: string }): boolean {
  return place.endsWith(`/${refusedRegion}`);
}

test('one certificate is on every kind of target, in two accounts and three regions', () => {
  expect(json.certificates).toMatchObject([{ id: 'everywhere', issued: true }]);
  const targets = targetsOf(json.certificates);
  const kinds = new Set(targets.map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(Object.keys(targetSpecs)));
  const places = targets.map(({ place }) => place.split('/'));
  expect(new Set(places.map(([account]) => account)).size).toBe(2);
  expect(new Set(places.map(([, region]) => region)).size).toBe(3);
});

test('the CA has had one order, and finalized it once', () => {
  const [certificate] = json.certificates;
  expect(json.orders).toEqual([
    expect.objectContaining({ finalizedTimes: 1, serial: certificate?.newSerial }),
  ]);
});

test('while a region refuses everything, every other target is proven and serves it', () => {
  const targets = targetsOf(json.refused.meanwhile);
  const others = targets.filter((target) => !isThere(target));
  expect(others.length).toBeGreaterThan(0);
  for (const target of others) expect(target).toMatchObject({ served: true, proven: true });
  expect(json.refused.calls).toBeGreaterThan(0);
  const waiting = targets.filter(isThere);
  expect(waiting.length).toBeGreaterThan(0);
  for (const target of waiting) expect(target).toMatchObject({ served: false, proven: false });
});

test('its debt is a condition of each target in status.json, and the output names it', () => {
  const { conditions, meanwhile } = json.refused;
  expect(conditions).toHaveLength(targetsOf(meanwhile).filter(isThere).length);
  const printed = lines.join(' ').replaceAll(/\s+/g, ' ');
  for (const condition of conditions as readonly Debt[]) {
    const debt = { type: 'Deployed', status: 'false', reason: 'ServiceFailed' };
    expect(condition).toMatchObject({ certificate: 'everywhere', ...debt });
    expect(condition.about).toContain(refusedRegion);
    expect(condition.nextAttemptAt).not.toBeNull();
    expect(printed).toContain(`${condition.about}, since`);
  }
});

test('people hear of the outage as an outage, and in the end that all is well', () => {
  const printed = lines.join('\n');
  // Whether the deployments or the rights are told first is a matter of moments.
  expect(printed).toMatch(
    new RegExp(
      `certkeep warning: (changed: )?certkeep cannot try its rights in ${refusedRegion}: ServiceFailed`,
    ),
  );
  expect(printed).not.toContain('lacks rights');
  expect(printed.lastIndexOf('certkeep well again: everywhere')).toBeGreaterThan(
    printed.lastIndexOf('certkeep warning: '),
  );
});

test('it catches up by itself, and every endpoint that can be asked serves the certificate', () => {
  expect(status).toBe(0);
  expect(json.ok).toBe(true);
  expect(json.refused.caughtUpAfterMs).toBeGreaterThan(0);
  const targets = targetsOf(json.certificates);
  for (const target of targets) expect(target).toMatchObject({ served: true, proven: true });
  expect(targets.filter(({ asked }) => !asked)).toMatchObject([{ kind: 'acm', port: null }]);
});

test('what is printed fits 80 columns, except ARNs and the subjects of messages', () => {
  const wide = lines.filter((line) => line.length > 80 && !line.includes('arn:aws:'));
  expect(wide.filter((line) => !/^\d\d:\d\d:\d\d /.test(line))).toEqual([]);
});
