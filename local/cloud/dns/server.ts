import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Lookup } from './lookup.ts';
import { replyTo, udpLimit } from './packets.ts';

export type DnsServer = { readonly address: string; close(): Promise<void> };

const tcpIdleMs = 10_000;
const portAttempts = 20;

/** A name server on 127.0.0.1, with one port number for UDP and TCP. */
export async function startDns(options: { lookup: Lookup; port?: number }): Promise<DnsServer> {
  const { udp, tcp, port } = await bindBoth(options.port ?? 0);
  const connections = new Set<Socket>();
  udp.on('message', (message, from) => {
    const reply = replyTo(message, options.lookup, udpLimit);
    if (reply) udp.send(reply, from.port, from.address);
  });
  tcp.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    answerStream(socket, options.lookup);
  });
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise((resolve) => tcp.close(resolve)),
        new Promise<void>((resolve) => udp.close(resolve)),
      ]);
    },
  };
}

async function bindBoth(port: number): Promise<{ udp: UdpSocket; tcp: Server; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const tcp = createServer();
    tcp.listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    const bound = (tcp.address() as AddressInfo).port;
    const udp = createSocket('udp4');
    try {
      udp.bind(bound, '127.0.0.1');
      await once(udp, 'listening');
      return { udp, tcp, port: bound };
    } catch (error) {
      // A free TCP port may be used for UDP; another one will be free for both.
      tcp.close();
      udp.close();
      if (port !== 0 || attempt === portAttempts) throw error;
    }
  }
}

/** Messages over TCP begin with their length, and several may share a connection (RFC 7766). */
function answerStream(socket: Socket, lookup: Lookup): void {
  let received = Buffer.alloc(0);
  socket.setTimeout(tcpIdleMs, () => socket.destroy());
  // A client may leave at any time.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2) {
      const length = received.readUInt16BE(0);
      if (received.length < length + 2) return;
      const reply = replyTo(received.subarray(2, length + 2), lookup, 65_535);
      received = received.subarray(length + 2);
      if (!reply) return void socket.destroy();
      const prefix = Buffer.alloc(2);
      prefix.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([prefix, reply]));
    }
  });
}
