import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A dead-man service that takes every sign of life. */
export async function startHeartbeat(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_, response) => void response.end('OK'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
