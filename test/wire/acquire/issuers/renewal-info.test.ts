import { afterEach, expect, test } from 'vitest';
import { type HostileCa, startHostileCa } from '#test/support/hostile-ca.ts';

let ca: HostileCa | undefined;
afterEach(() => ca?.server.close());

const suggestedWindow = { start: '2027-01-01T00:00:00Z', end: '2027-01-02T00:00:00Z' };

async function told(explanationURL: unknown) {
  ca = await startHostileCa((origin) => ({
    '/directory': {
      body: {
        newNonce: `${origin}/nonce`,
        newAccount: `${origin}/account`,
        newOrder: `${origin}/order`,
        renewalInfo: `${origin}/renewal-info`,
      },
    },
    '/renewal-info/a.b': { body: { suggestedWindow, explanationURL } },
  }));
  return ca.issuer.renewalInfo('a.b');
}

test.each([
  ['a page', 'https://127.0.0.1/incident-7', 'https://127.0.0.1/incident-7'],
  ['a page of somebody else', 'https://ca.example/incident-7', null],
  ['nothing', undefined, null],
  ['a script', 'javascript:alert(1)', null],
  ['a page without TLS', 'http://ca.example/', null],
  ['no URL', 'renew, please', null],
])('an explanation that is %s', async (_, said, expected) => {
  expect((await told(said))?.explanationUrl).toBe(expected);
});

test('an explanation that is no text makes the advice unreadable', async () => {
  await expect(told(7)).rejects.toThrow('explanationURL');
});
