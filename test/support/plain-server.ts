import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PlainServer = {
  readonly origin: string;
  /** How many requests came. */
  received(): number;
  close(): Promise<void>;
};

/** HTTP on loopback that answers every request as told. */
export async function startPlainServer(
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<PlainServer> {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    Promise.resolve(respond(request, response)).catch((error: Error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
