import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { randomOf } from 'local-cloud/kit/determinism.ts';
import { acmeTransport } from '#shared/issuers/acme/wire/transport.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import { systemClock } from '#shared/time/clock.ts';
import { startHostileServer } from '#test/support/hostile-server.ts';
import { issuerDeps } from '#test/support/issuer-deps.ts';
import { loadedIssuers } from '#test/support/loaded-issuers.ts';
import type { Fuzz, Peer, Random } from '../fuzz.ts';
import { mutated, mutatedJson } from '../mutate.ts';
import { outcomeOfAsked } from '../outcome.ts';

/** What a CA that means ill does to whoever asks it, by the path that is asked. */
const floods: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/silent': () => undefined,
  '/drip-header': ({ socket }) => again(socket, 20, () => socket?.write('x')),
  '/drip-body': (response) => again(response.socket, 20, () => response.write('x')),
  '/endless-chunks': (response) => pour(response, Buffer.alloc(1 << 16, 'x')),
  '/large-header': ({ socket }) =>
    socket?.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1 << 20)}\r\n\r\n`),
  '/gzip-bomb': (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 << 20))),
  '/brotli-bomb': (response) =>
    response.writeHead(200, { 'content-encoding': 'br' }).end(brotliBomb()),
  '/deep-json': (response) => response.end('['.repeat(1 << 19)),
  '/endless-103': ({ socket }) => {
    const hint = `HTTP/1.1 103 Early Hints\r\nlink: <${'x'.repeat(4_000)}>\r\n\r\n`;
    if (socket) pour(socket, Buffer.from(hint.repeat(16)));
  },
  '/cut-short': (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half');
    setTimeout(() => response.destroy(), 5);
  },
};
const paths = Object.keys(floods);

let kept: Buffer | undefined;
function brotliBomb(): Buffer {
  kept ??= brotliCompressSync(Buffer.alloc(16 << 20));
  return kept;
}

type Stream = Pick<NodeJS.WritableStream, 'write' | 'once'> & { readonly destroyed: boolean };

function pour(stream: Stream, chunk: Buffer): void {
  while (!stream.destroyed) {
    if (!stream.write(chunk)) {
      stream.once('drain', () => pour(stream, chunk));
      return;
    }
  }
}

function again(socket: ServerResponse['socket'], everyMs: number, act: () => unknown): void {
  const timer = setInterval(act, everyMs);
  socket?.once('close', () => clearInterval(timer));
}

/** The roots are too long for an argument of a process: a file holds them. */
async function withRoots(rootPem: string, origin: string): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'certkeep-fuzz-'));
  const file = join(folder, 'peer.json');
  writeFileSync(file, JSON.stringify({ origin, rootPem }));
  return { address: file, close: () => rm(folder, { recursive: true }) };
}

async function serve(seed: number): Promise<Peer> {
  const random = randomOf(seed);
  let nonces = 0;
  const server = await startHostileServer(({ url }, response) => {
    response.on('error', () => undefined);
    const flood = floods[url];
    if (flood) return flood(response);
    nonces += 1;
    const header = { 'replay-nonce': `nonce${nonces}`, location: `${server.origin}/order/1` };
    const said = JSON.stringify(saying(url, server.origin, random));
    const body = random() < 0.1 ? mutated(Buffer.from(said), random) : said;
    response.writeHead(statusOf(url, random), { 'content-type': 'application/json', ...header });
    response.end(body);
  });
  const roots = await withRoots(server.rootPem, server.origin);
  return {
    address: roots.address,
    async close() {
      await server.close();
      await roots.close();
    },
  };
}

function statusOf(url: string, random: Random): number {
  if (url === '/directory' || url === '/nonce' || url === '/account') return 200;
  const draw = random();
  return draw < 0.8 ? 200 : draw < 0.9 ? 400 : draw < 0.95 ? 429 : 503;
}

function saying(url: string, origin: string, random: Random): unknown {
  const directory = {
    newNonce: `${origin}/nonce`,
    newAccount: `${origin}/account`,
    newOrder: `${origin}/order`,
    renewalInfo: `${origin}/ari`,
  };
  if (url === '/directory') return directory;
  if (url === '/nonce' || url === '/account') return {};
  const answer = {
    status: 'pending',
    identifiers: [{ type: 'dns', value: 'example.com' }],
    identifier: { type: 'dns', value: 'example.com' },
    challenges: [{ type: 'dns-01', url: `${origin}/challenge/1`, status: 'pending', token: 'abc' }],
    authorizations: [`${origin}/authz/1`],
    finalize: `${origin}/order/1/finalize`,
    certificate: `${origin}/certificate/1`,
    expires: '2026-12-01T00:00:00Z',
    error: { type: 'urn:ietf:params:acme:error:dns', detail: 'no', subproblems: [] },
    suggestedWindow: { start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z' },
    explanationURL: `${origin}/why`,
  };
  return mutatedJson(answer, random);
}

function peerAt(address: string): { readonly origin: string; readonly rootPem: string } {
  return JSON.parse(readFileSync(address, 'utf8'));
}

/** How it answers: slowly, without end, in bombs. */
export const acmeFloods: Fuzz = {
  name: 'acme-floods',
  usual: 100,
  fixed: paths.length,
  isLarge: true,
  serve,
  async start(address) {
    const { origin, rootPem } = peerAt(address);
    const transport = acmeTransport({
      directoryUrl: `${origin}/directory`,
      caBundle: rootPem,
      clock: systemClock,
      timeoutMs: 1_000,
    });
    // What TLS and the decoders take once is not theirs.
    for (const path of ['/directory', '/gzip-bomb', '/brotli-bomb']) {
      await transport.send(`${origin}${path}`).catch(() => undefined);
    }
    return async (_, nth) => {
      const path = paths[nth % paths.length] ?? '/silent';
      const outcome = await outcomeOfAsked(
        () => transport.send(`${origin}${path}`),
        ({ status }) => `answered ${status}`,
      );
      return `${path}: ${outcome}`;
    };
  },
};

/** What it answers. */
export const acmeAnswers: Fuzz = {
  name: 'acme-answers',
  usual: 5_000,
  fixed: 100,
  serve,
  async start(address) {
    const { origin, rootPem } = peerAt(address);
    const issuer = createIssuer(
      loadedIssuers,
      {
        type: 'acme',
        directory: `${origin}/directory`,
        termsOfServiceAgreed: true,
        contact: [],
        caBundle: rootPem,
      },
      issuerDeps({ name: 'hostile' }),
    );
    const calls = [
      () => issuer.newOrder(['example.com']),
      () => issuer.order(`${origin}/order/1`),
      () => issuer.authorization(`${origin}/authz/1`),
      async () =>
        issuer.answer(`${origin}/challenge/1`, `.${(await issuer.about()).keyThumbprint}`),
      () => issuer.finalize(`${origin}/order/1/finalize`, `${origin}/order/1`, 'AAAA'),
      () => issuer.certificate(`${origin}/certificate/1`),
      () => issuer.renewalInfo('aaaa.bbbb'),
    ] as const;
    return (_, nth) =>
      outcomeOfAsked<unknown>(calls[nth % calls.length] ?? calls[0], (read) =>
        read === null ? 'nothing' : 'read',
      );
  },
};
