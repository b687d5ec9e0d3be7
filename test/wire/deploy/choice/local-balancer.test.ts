import { offeredCertificates } from 'local-cloud/load-balancers/certificate-choice.ts';
import { expect, test } from 'vitest';
import type { ChoiceCertificate } from '#shared/deploy/choice/choice.ts';
import { caseNow, ecdsa } from '#test/unit/deploy/choice/case.ts';
import { cases } from '#test/unit/deploy/choice/cases.ts';
import { localCertificate, supports } from './local-certificate.ts';

const documented = cases.flatMap(({ answer, ...rest }) =>
  answer.is === 'certificate' ? [{ ...rest, expected: answer.arn }] : [],
);

test('no two cases of a kind have one title', () => {
  const titles = cases.map(({ kind, title }) => `${kind}: ${title}`);
  expect(new Set(titles).size).toBe(titles.length);
});

test.each(documented)('$kind: $title', async ({ kind, expected, client, ...holdings }) => {
  // What is not known may be true or not: the answer holds either way.
  for (const unknown of [client.serverName ?? 'shop.example.com', 'unknown.example.org']) {
    const heldAs = (each: ChoiceCertificate) => localCertificate(each, unknown);
    const first = await heldAs(holdings.default ?? ecdsa('none', { names: ['none.example.org'] }));
    const list = await Promise.all(holdings.list.map(heldAs));
    const asked = { kind, serverName: client.serverName, seenAt: caseNow, now: caseNow };
    const offered = offeredCertificates({ default: first, list }, asked);
    const got = offered.find((each) => supports(client, each));
    const arn = [first, ...list].find(({ material }) => material.latest() === got)?.arn;
    expect(arn).toBe(expected);
  }
});
