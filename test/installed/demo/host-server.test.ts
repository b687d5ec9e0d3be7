import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shakeHands } from 'local-cloud/handshake.ts';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileServer, type HostServer } from '#local/demo/landscape/host-server.ts';
import { installedNginx } from '#local/demo/landscape/nginx.ts';

const nginx = await installedNginx();
const names = ['shop.example.com'];
const closers: (() => void)[] = [];
let directory: string;
let steps: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'certkeep host '));
  steps = [];
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  // nginx removes its own files when it ends.
  await new Promise((resolve) => setTimeout(resolve, 100));
  rmSync(directory, { recursive: true });
});

function started(program: string | null, first: Parameters<HostServer['take']>[0]) {
  const machine = { directory, defer: (close: () => void) => void closers.push(close) };
  const onStep = (step: string) => void steps.push(step);
  return fileServer({ name: 'host', machine, nginx: program, onStep }, first);
}

async function made() {
  const { certificatePem, chainPem, keyPem } = await makeCertificate({ names, now: new Date() });
  return { key: keyPem, cert: certificatePem + chainPem };
}

async function served({ port }: HostServer): Promise<string> {
  const asked = { host: '127.0.0.1', port, servername: names[0] ?? '', family: null };
  return (await shakeHands({ ...asked, timeoutMs: 3_000 })).toString();
}

/** A reload of nginx ends old workers a moment after the new ones have begun. */
async function untilServed(server: HostServer, cert: string): Promise<void> {
  await expect
    .poll(async () => cert.startsWith(await served(server)), { timeout: 5_000 })
    .toBe(true);
}

test.each<[string, string | null]>([
  ...(nginx === null ? [] : [['nginx', nginx] as [string, string]]),
  ['a server of Node', null],
])('%s serves the pair in its files, and the next one after a reload', async (kind, program) => {
  const [first, second] = [await made(), await made()];
  const server = await started(program, first);
  expect(steps).toEqual([expect.stringContaining(kind)]);
  await untilServed(server, first.cert);
  await server.take(second);
  await untilServed(server, second.cert);
  expect(statSync(join(directory, 'hosts/host/live/privkey.pem')).mode & 0o077).toBe(0);
});

test('where nginx does not start, a server of Node takes its place, and says so', async () => {
  const first = await made();
  const server = await started('/bin/false', first);
  await untilServed(server, first.cert);
  expect(steps).toEqual([
    expect.stringContaining('/bin/false does not start'),
    expect.stringContaining('a server of Node'),
  ]);
});
