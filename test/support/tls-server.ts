import { once } from 'node:events';
import {
  type AddressInfo,
  createServer as createTcpServer,
  connect as dial,
  type Server,
} from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';

/** Each a certificate with its key; ACM's P-256 and RSA-2048 unless a test wants others. */
export async function keyPairs() {
  const ecdsa = await makeCertificate();
  const rsa = await makeCertificate({ key: 'rsa-2048' });
  return { ecdsa, rsa };
}

/** As node's TLS server takes certificates of different key families: it chooses by what the client can use. */
export function serving(...certificates: readonly MadeCertificate[]): TlsOptions {
  return {
    cert: certificates.map(({ certificatePem, chainPem }) => `${certificatePem}\n${chainPem}`),
    key: certificates.map(({ keyPem }) => keyPem),
  };
}

/** Listens on a port of its own; what clients do wrong is their business. */
export async function tlsServer(options: TlsOptions): Promise<Server & { readonly port: number }> {
  const server = createServer(options, (socket) => socket.on('error', () => undefined));
  server.on('tlsClientError', () => undefined);
  return listening(server);
}

/** Says to everybody what `server` said to its first client: the certificate without its key. */
export async function impostorOf(server: { readonly port: number }) {
  let said: Promise<Buffer> | null = null;
  const impostor = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', async (hello) => {
      said ??= firstWords(server.port, hello);
      socket.write(await said);
    });
  });
  return listening(impostor);
}

async function firstWords(port: number, hello: Buffer): Promise<Buffer> {
  const socket = dial(port, '127.0.0.1');
  socket.write(hello);
  const heard: Buffer[] = [];
  socket.on('data', (bytes) => heard.push(bytes));
  await once(socket, 'data');
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  return Buffer.concat(heard);
}

async function listening<T extends Server>(server: T): Promise<T & { readonly port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}
