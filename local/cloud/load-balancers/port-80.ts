import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { freePort, nodeAddresses } from './nodes.ts';

export type Port80 = { readonly port: number; close(): Promise<void> };

/**
 * One port on every node address that represents port 80, for a CA that uses one port for every name. It passes a request
 * on to the plain HTTP port of the name's balancer, at the same address. Where there is none, nobody answers.
 */
export async function startPort80(httpPort: (name: string) => number | null): Promise<Port80> {
  const port = await freePort();
  const addresses = await nodeAddresses();
  const servers = await Promise.all(
    addresses.map(async (host) => {
      const server = createServer((asked, answer) => {
        const target = httpPort(nameOf(asked));
        if (target === null) asked.socket.destroy();
        else passOn(asked, answer, { host, port: target });
      });
      server.listen(port, host);
      await once(server, 'listening');
      return server;
    }),
  );
  return { port, close: async () => void (await Promise.all(servers.map(closed))) };
}

function nameOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

function passOn(
  asked: IncomingMessage,
  answer: ServerResponse,
  at: { readonly host: string; readonly port: number },
): void {
  const { method, url: path, headers } = asked;
  const onward = request({ ...at, method, path, headers, agent: false }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  onward.once('error', () => asked.socket.destroy());
  asked.pipe(onward);
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
