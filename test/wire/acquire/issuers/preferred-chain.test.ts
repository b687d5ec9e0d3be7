import { X509Certificate } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { IssuedChain } from '#shared/issuers/issuer.ts';
import { type AcmeLab, acmeLab, obtain } from '#test/support/acme-lab.ts';
import { logInto } from '#test/support/issuer-deps.ts';

let lab: AcmeLab;
afterEach(() => lab.close());

const log: string[] = [];

async function obtained(preferredChain?: string): Promise<IssuedChain> {
  log.length = 0;
  const deps = { log: logInto(log) };
  const issuer = lab.issuer({ deps, ...(preferredChain ? { preferredChain } : {}) });
  return obtain(issuer, lab.dns.solver(), lab.dns.clock, ['www.example.com']);
}

function topIssuer({ chainPem }: IssuedChain): string {
  return new X509Certificate(chainPem).issuer;
}

function downloads(): number {
  return lab.faults.calls.filter(({ operation }) => operation === 'certificate').length;
}

test('without a preference the CA chooses, and no alternate is asked for', async () => {
  lab = await acmeLab({ alternateRoots: 2 });
  expect(topIssuer(await obtained())).toBe('CN=Certkeep Local Root');
  expect(downloads()).toBe(1);
});

test('the preferred chain is taken from the alternates', async () => {
  lab = await acmeLab({ alternateRoots: 2 });
  const issued = await obtained('Certkeep Local Root 2');
  expect(topIssuer(issued)).toBe('CN=Certkeep Local Root 2');
  expect(
    new X509Certificate(issued.certificatePem).checkIssued(new X509Certificate(issued.chainPem)),
  ).toBe(true);
  expect(log).toEqual([]);
});

test('a default chain that is the preferred one costs no further request', async () => {
  lab = await acmeLab({ alternateRoots: 2 });
  await obtained('Certkeep Local Root');
  expect(downloads()).toBe(1);
});

test("where no chain ends as preferred, the CA's own choice is taken and that is logged", async () => {
  lab = await acmeLab({ alternateRoots: 1 });
  expect(topIssuer(await obtained('Certkeep'))).toBe('CN=Certkeep Local Root');
  expect(log).toEqual([expect.stringContaining('no chain ends at "Certkeep"')]);
});

test('an alternate with another leaf is not taken', async () => {
  lab = await acmeLab({ alternateRoots: 1 });
  const other = await obtained('Certkeep Local Root 1');
  lab.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate' && downloads() % 2 === 0,
    reply: () => ({
      status: 200,
      headers: { 'content-type': 'application/pem-certificate-chain' },
      body: `${other.certificatePem}${other.chainPem}`,
    }),
  });
  expect(topIssuer(await obtained('Certkeep Local Root 1'))).toBe('CN=Certkeep Local Root');
});

test('alternates on another host are not asked, which is logged', async () => {
  lab = await acmeLab();
  lab.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: async (usual) => {
      const reply = await usual();
      const link = '<https://metadata.internal/chain>;rel="alternate"';
      return { ...reply, headers: { ...reply.headers, link } };
    },
  });
  expect(topIssuer(await obtained('Certkeep Local Root 1'))).toBe('CN=Certkeep Local Root');
  expect(log).toEqual([expect.stringContaining('the CA points to https://metadata.internal')]);
});

test.each([
  ['cannot be had', 404],
  ['is refused', 403],
])('an alternate that %s loses no certificate', async (_, status) => {
  lab = await acmeLab({ alternateRoots: 2 });
  const isAlternate = () => downloads() > 1;
  lab.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate' && isAlternate(),
    reply: () => ({ status, body: {} }),
  });
  expect(topIssuer(await obtained('Certkeep Local Root 2'))).toBe('CN=Certkeep Local Root');
  expect(log).toEqual([expect.stringContaining(String(status))]);
});

test('an alternate that is unavailable now is asked for again: the order stays valid', async () => {
  lab = await acmeLab({ alternateRoots: 1 });
  const isAlternate = () => downloads() > 1;
  lab.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate' && isAlternate(),
    reply: () => ({ status: 500, body: {} }),
  });
  await expect(obtained('Certkeep Local Root 1')).rejects.toThrow('the CA failed');
});
