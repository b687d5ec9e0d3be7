import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const firstNode = '127.0.0.1';
const secondNode = '127.0.0.2';

/** The addresses of a balancer's nodes: two where the machine lets 127.0.0.2 be bound (macOS does not). */
export async function nodeAddresses(): Promise<readonly string[]> {
  const bound = await bind(secondNode, 0);
  return bound === null ? [firstNode] : [firstNode, secondNode];
}

/** Below the range that systems hand out by themselves, so that no client's own end takes one of these. */
const firstPort = 20_000;
const portsEach = 1_000;
const shares = 12;
let given = randomInt(portsEach);

/**
 * A port that is free on every node address right now; CreateListener, as on AWS, takes no port 0. Each
 * process goes round in a share of its own, so that none is given twice before it is listened on.
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

/** Listens for a moment; the port, or null where that is not possible. */
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
