import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  makeServerCertificate,
  type ServerCertificate,
} from 'local-cloud/ca/server-certificate.ts';

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Of the connection: equal for requests that share one. */
  readonly clientPort: number;
};

export type HostileServer = {
  readonly origin: string;
  readonly rootPem: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
};

let certificate: Promise<ServerCertificate> | undefined;

/** HTTPS on loopback that answers whatever a test wants a CA to say. */
export async function startHostileServer(
  respond: (request: Received, response: ServerResponse) => void,
): Promise<HostileServer> {
  certificate ??= makeServerCertificate('Hostile');
  const { keyPem, certificatePem, rootPem } = await certificate;
  const received: Received[] = [];
  const server = createServer({ key: keyPem, cert: certificatePem }, (incoming, response) => {
    let body = '';
    incoming.on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body,
        clientPort: incoming.socket.remotePort ?? 0,
      };
      received.push(request);
      respond(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rootPem,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
