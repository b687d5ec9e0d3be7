import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { dayMs } from '#shared/time/clock.ts';
import { personalSecrets } from '#test/support/issuer-deps.ts';
import { binary, count, ids, type PebbleLab, patience, type Setting, startLab } from './lab.ts';

let lab: PebbleLab;
afterEach(() => lab?.close());

const hmacKey = Buffer.from('a key of thirty-two bytes, no less').toString('base64url');
const eab = {
  settings: { externalAccountBindingRequired: true, externalAccountMACKeys: { 'kid-1': hmacKey } },
  issuer: { externalAccountBinding: { secret: 'eab' } },
  secrets: personalSecrets({ eab: JSON.stringify({ kid: 'kid-1', hmacKey }) }),
};
const profiles = {
  profiles: {
    long: { description: 'long', validityPeriod: (90 * dayMs) / 1_000 },
    short: { description: 'short', validityPeriod: (6 * dayMs) / 1_000 },
  },
};
const chains = { PEBBLE_ALTERNATE_ROOTS: '2', PEBBLE_CHAIN_LENGTH: '3' };

describe.skipIf(!binary)('none is lost and none doubled at Pebble', () => {
  test.each<[string, Setting]>([
    ['that refuses half of its nonces', {}],
    ['that reuses half of the authorizations', { environment: { PEBBLE_AUTHZREUSE: '50' } }],
    ['that reuses all authorizations', { environment: { PEBBLE_AUTHZREUSE: '100' } }],
    ['that asks for patience', { settings: { retryAfter: { authz: 1, order: 1 } } }],
    ['with other roots and long chains', { environment: chains }],
    ['where the chain of another root is preferred', { environment: chains, root: 2 }],
    ['that binds accounts', eab],
    ['with a long profile', { settings: profiles, issuer: { profile: 'long' } }],
    ['with a short profile', { settings: profiles, issuer: { profile: 'short' } }],
  ])('%s', patience, async (_, setting) => {
    lab = await startLab(setting);
    const serials = new Set<string>();
    for (const id of ids) {
      const { acquireFailure, attempt, txt, versions } = await lab.stage.settle(id);
      expect([versions.length, attempt, acquireFailure, txt]).toEqual([1, null, null, []]);
      const { certificatePem, chainPem } = await lab.stage.stored(id);
      const { serialNumber, validFromDate, validToDate } = new X509Certificate(certificatePem);
      const days = (validToDate.getTime() - validFromDate.getTime()) / dayMs;
      expect(Math.round(days)).toBe(setting.issuer?.profile === 'short' ? 6 : 90);
      expectChain(chainPem, setting);
      expect(JSON.parse(await lab.manage(`/cert-status-by-serial/${serialNumber}`)).Status).toBe(
        'Valid',
      );
      serials.add(serialNumber);
    }
    // By Pebble's own account: no order and no certificate beside those that we hold.
    expect([lab.pebble.orders(), lab.pebble.issued(), serials.size]).toEqual([count, count, count]);
    expectPatience(lab.retryAfters, setting);
  });
});

function expectChain(chainPem: string, { environment }: Setting): void {
  const chain = chainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  expect(chain).toHaveLength(environment === chains ? 3 : 1);
  if (lab.rootName === undefined) return;
  expect(new X509Certificate(chain.at(-1) ?? '').issuer).toBe(`CN=${lab.rootName}`);
}

/** Pebble draws the form of each answer. */
function expectPatience(heard: readonly string[], { settings }: Setting): void {
  const forms = new Set(heard.map((each) => (/^\d+$/.test(each) ? 'seconds' : 'date')));
  if (!settings?.retryAfter) return;
  expect(heard.length).toBeGreaterThanOrEqual(count);
  if (count > 100) expect(forms).toEqual(new Set(['seconds', 'date']));
}
