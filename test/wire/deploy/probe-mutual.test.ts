import type { Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import { impostorOf, keyPairs, serving, tlsServer } from '#test/support/tls-server.ts';

const opened: Server[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

const probe = tlsProbe({ resolve: async () => [], timeoutMs: 500 });
/** As a listener that only talks to clients with a certificate of their own. */
const mutual = { requestCert: true, rejectUnauthorized: true };
const { ecdsa, rsa } = await keyPairs();

async function presentedBy(server: Server & { readonly port: number }) {
  opened.push(server);
  const question = { host: '127.0.0.1', servername: 'shop.example.com', family: null };
  const [answer] = await probe({ ...question, port: server.port });
  return answer;
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'the certificate of a server counts although it refuses clients without one (%s)',
  async (maxVersion) => {
    for (const certificate of [ecdsa, rsa]) {
      const server = await tlsServer({ ...serving(certificate), ...mutual, maxVersion });
      expect(await presentedBy(server)).toMatchObject({
        outcome: 'answered',
        serial: certificate.serial,
      });
    }
  },
);

test('a key exchange in which the server has not shown that it has the key proves nothing', async () => {
  const options = { ...serving(rsa), maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256' } as const;
  expect(await presentedBy(await tlsServer({ ...options, ...mutual }))).toMatchObject({
    outcome: 'silent',
  });
  expect(await presentedBy(await tlsServer(options))).toMatchObject({ serial: rsa.serial });
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'the certificate in the mouth of somebody without its key proves nothing (%s)',
  async (maxVersion) => {
    const server = await tlsServer({ ...serving(ecdsa), ...mutual, maxVersion });
    const impostor = await impostorOf(server);
    opened.push(server);
    // The first client is answered by the server itself, and every other one with its old words.
    await presentedBy(impostor);
    expect(await presentedBy(impostor)).toMatchObject({ outcome: 'silent' });
  },
);
