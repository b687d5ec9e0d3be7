import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { binary, type PebbleLab, patience, startLab } from './lab.ts';

let lab: PebbleLab;
afterEach(() => lab?.close());

/** As many as Let's Encrypt takes: https://letsencrypt.org/docs/rate-limits/ */
const names = Array.from({ length: 100 }, (_, at) => `n${at}.example.com`);

describe.skipIf(!binary)('a certificate of a hundred names', () => {
  test.each<[string, Parameters<typeof startLab>[0]]>([
    ['refuses half of its nonces', {}],
    ['reuses half of the authorizations', { environment: { PEBBLE_AUTHZREUSE: '50' } }],
    ['asks for patience', { settings: { retryAfter: { authz: 1, order: 1 } } }],
  ])('is issued once by a Pebble that %s', patience, async (_, setting) => {
    lab = await startLab({ ...setting, certificates: { many: names } });
    const { acquireFailure, attempt, txt, versions } = await lab.stage.settle('many');
    expect([versions.length, attempt, acquireFailure, txt]).toEqual([1, null, null, []]);
    const { subjectAltName } = new X509Certificate((await lab.stage.stored('many')).certificatePem);
    expect(subjectAltName?.split(', ').toSorted()).toEqual(
      names.map((name) => `DNS:${name}`).toSorted(),
    );
    expect([lab.pebble.orders(), lab.pebble.issued()]).toEqual([1, 1]);
  });
});
