import type { Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import type { KeyFamily } from '#shared/key-algorithm.ts';
import { keyPairs, serving, tlsServer } from '#test/support/tls-server.ts';

let server: Server & { readonly port: number };
afterEach(() => server.close());

const probe = tlsProbe({ resolve: async () => [], timeoutMs: 500 });
const { ecdsa, rsa } = await keyPairs();

async function asked(family: KeyFamily | null) {
  const question = { host: '127.0.0.1', servername: 'shop.example.com', family };
  const [answer] = await probe({ ...question, port: server.port });
  return answer;
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'each of two certificates for one name is presented to a client of its key family (%s)',
  async (maxVersion) => {
    server = await tlsServer({ ...serving(rsa, ecdsa), maxVersion });
    expect(await asked('ecdsa')).toMatchObject({ serial: ecdsa.serial });
    expect(await asked('rsa')).toMatchObject({ serial: rsa.serial });
  },
);

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a client of one key family is refused where there is only the other (%s)',
  async (maxVersion) => {
    for (const [only, family, other] of [
      [rsa, 'rsa', 'ecdsa'],
      [ecdsa, 'ecdsa', 'rsa'],
    ] as const) {
      server = await tlsServer({ ...serving(only), maxVersion });
      expect(await asked(family)).toMatchObject({ serial: only.serial });
      expect(await asked(null)).toMatchObject({ serial: only.serial });
      expect(await asked(other)).toMatchObject({ outcome: 'silent', refused: true });
      server.close();
    }
  },
);
