import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const firstNode = '127.0.0.1';
const secondNode = '127.0.0.2';

/** The addresses of a balancer's nodes: two where the machine can bind 127.0.0.2 (macOS cannot). */
export async function nodeAddresses(): Promise<readonly string[]> {
  const bound = await bind(secondNode, 0);
  return bound === null ? [firstNode] : [firstNode, secondNode];
}

/** Below the range of automatic ports, so that no outgoing connection takes one of these. */
const firstPort = 20_000;
const portsEach = 1_000;
const shares = 12;
let given = randomInt(portsEach);

/**
 * A port that is free on every node address right now; like AWS, CreateListener accepts no port 0. Each process has its own
 * range and goes through it in order, so that it gives no port twice before somebody listens on it.
 */
export async function freePort(): Promise<number> {
  const addresses = await nodeAddresses();
  const start = firstPort + (process.pid % shares) * portsEach;
  for (let attempt = 0; attempt < portsEach; attempt += 1) {
    given = (given + 1) % portsEach;
    const port = start + given;
    const bound = await Promise.all(addresses.map((address) => bind(address, port)));
    if (bound.every((each) => each !== null)) return port;
  }
  throw new Error(`no port is free on all of ${addresses.join(', ')}`);
}

/** Listens for a moment; returns the port, or null where that fails. */
function bind(address: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, address, () => {
      const bound = server.address();
      const listened = typeof bound === 'object' && bound ? bound.port : null;
      server.close(() => resolve(listened));
    });
  });
}
