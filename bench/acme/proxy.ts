import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Proxy = {
  readonly port: number;
  /** The number of TCP connections so far. */
  connections(): number;
  close(): Promise<void>;
};

/** A longer line to 127.0.0.1:`port`: every byte, and the opening of a connection, takes `rttMs` for the round trip. */
export async function startProxy(port: number, rttMs: number): Promise<Proxy> {
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    connections += 1;
    open.add(near);
    near.on('close', () => open.delete(near));
    near.pause();
    // Delays the TCP handshake, which the loopback has already done.
    setTimeout(() => join(near, port, rttMs / 2), rttMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function join(near: Socket, port: number, delayMs: number): void {
  const far = connect(port, '127.0.0.1');
  far.setNoDelay(true);
  near.setNoDelay(true);
  carry(near, far, delayMs);
  carry(far, near, delayMs);
  near.resume();
}

function carry(from: Socket, to: Socket, delayMs: number): void {
  const later = (act: () => void) => setTimeout(act, delayMs);
  from.on('data', (chunk) => later(() => to.writable && to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
}
