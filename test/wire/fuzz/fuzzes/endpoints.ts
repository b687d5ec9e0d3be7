import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { randomOf } from 'local-cloud/kit/determinism.ts';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import type { Fuzz, Peer } from '../fuzz.ts';
import { below, mutated, noise } from '../mutate.ts';

const timeoutMs = 600;
const kinds = ['stall', 'drip', 'oversized', 'noise', 'changed', 'large-chain', 'healthy'] as const;
type Kind = (typeof kinds)[number];

/** A certificate that holds so many bytes, in one extension that nobody knows. */
async function largeCertificate(bytes: number): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=large.example',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.Extension('1.2.3.4', false, new Uint8Array(bytes))],
  });
  return certificate.toString('pem');
}

/** A handshake message has 16 MiB at most (RFC 8446 §4): fifteen certificates of a MiB, in a proper handshake. */
async function largeChain(): Promise<Server> {
  const { certificatePem, keyPem } = await makeCertificate();
  const large = await largeCertificate(1 << 20);
  const cert = `${certificatePem}\n${`${large}\n`.repeat(15)}`;
  return createTlsServer({ cert, key: keyPem });
}

async function healthy(): Promise<Server> {
  const { certificatePem, chainPem, keyPem } = await makeCertificate();
  return createTlsServer({ cert: `${certificatePem}\n${chainPem}`, key: keyPem });
}

function raw(act: (socket: Socket) => void): Server {
  return createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => act(socket));
  });
}

/** What a healthy one says first, with some bytes changed. */
async function changing(seed: number, listening: (server: Server) => Promise<number>) {
  const random = randomOf(seed);
  const port = await listening(await healthy());
  const { connect } = await import('node:net');
  return createTcpServer((socket) => {
    const inner = connect(port, '127.0.0.1');
    for (const each of [socket, inner]) each.on('error', () => undefined);
    socket.pipe(inner);
    inner.on('data', (bytes) => socket.write(random() < 0.7 ? mutated(bytes, random) : bytes));
    socket.once('close', () => inner.destroy());
    inner.once('close', () => socket.destroy());
  });
}

async function serve(seed: number): Promise<Peer> {
  const random = randomOf(seed);
  const open = new Set<Socket>();
  const servers: Server[] = [];
  const listening = async (server: Server) => {
    servers.push(server);
    server.on('connection', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const oversized = Buffer.concat([Buffer.from('1603034000', 'hex'), Buffer.alloc(0x4000, 2)]);
  const made: Readonly<Record<Kind, Server>> = {
    stall: raw(() => undefined),
    drip: raw((socket) => {
      const timer = setInterval(() => socket.write(Buffer.of(0x16)), 20);
      socket.once('close', () => clearInterval(timer));
    }),
    oversized: raw((socket) => {
      for (let n = 0; n < 1_024; n += 1) socket.write(oversized);
    }),
    noise: raw((socket) => socket.write(noise(random, 1 + below(random, 2_000)))),
    changed: await changing(seed, listening),
    'large-chain': await largeChain(),
    healthy: await healthy(),
  };
  const ports: number[] = [];
  for (const kind of kinds) ports.push(await listening(made[kind]));
  return {
    address: ports.join(','),
    async close() {
      for (const socket of open) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}

/** What an endpoint does to verify, which asks it who it is. */
export const endpoints: Fuzz = {
  name: 'endpoints',
  usual: 2_000,
  fixed: 21,
  isLarge: true,
  serve,
  async start(address) {
    const ports = address.split(',').map(Number);
    const probe = tlsProbe({ resolve: async () => ['127.0.0.1'], timeoutMs });
    return async (_, nth) => {
      // Those that wait for the end of time have their turn now and then.
      const index = nth < 21 ? nth % kinds.length : 2 + (nth % (kinds.length - 2));
      const port = ports[index] ?? 0;
      const question = { host: 'web.example', port, servername: 'web.example', family: null };
      const [answer] = await probe(question);
      if (answer?.outcome !== 'silent') return `${kinds[index]}: ${answer?.outcome}`;
      if (answer.detail.length > 300) throw new Error('the detail is too long');
      return `${kinds[index]}: silent`;
    };
  },
};
