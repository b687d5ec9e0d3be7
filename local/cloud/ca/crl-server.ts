import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addMs, type Clock, hourMs } from '../clock.ts';
import type { CertificateAuthority, RevokedEntry } from './x509.ts';

export type CrlServer = {
  readonly url: string;
  revoke(serial: string, reason: number): void;
  close(): Promise<void>;
};

/** Let's Encrypt's lists are valid for days; this one is created for each request and need not be. */
const lifeMs = 12 * hourMs;

/** Serves a CA's revocation list over plain HTTP on 127.0.0.1, and creates it for each request. */
export async function startCrlServer(
  authority: CertificateAuthority,
  clock: Clock,
  validForMs = lifeMs,
): Promise<CrlServer> {
  const entries: RevokedEntry[] = [];
  const server = createServer((_, response) => {
    const now = clock.now();
    authority
      .revocationList({ url, entries, thisUpdate: now, nextUpdate: addMs(now, validForMs) })
      .then(
        (list) => response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(list),
        (error: Error) => response.writeHead(500).end(error.message),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/1.crl`;
  return {
    url,
    revoke: (serial, reason) => void entries.push({ serial, at: clock.now(), reason }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
