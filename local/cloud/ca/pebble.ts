import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { addMs, secondMs, systemClock } from '../clock.ts';
import { makeServerCertificate } from './server-certificate.ts';

export type Pebble = {
  readonly directoryUrl: string;
  /** Clients of the directory must trust this root. */
  readonly rootPem: string;
  /** The chains of issued certificates end at this root. */
  readonly issuanceRootPem: string;
  /** `https://127.0.0.1:PORT`, where tests control it. */
  readonly managementUrl: string;
  /** The number of answered requests, from its log. */
  requests(): number;
  /** The number of accepted orders, from its log, like the next one. */
  orders(): number;
  /** The number of issued certificates. */
  issued(): number;
  close(): Promise<void>;
};

type PebbleOptions = {
  /** Pebble 2.10 or later. */
  readonly binary: string;
  /** Validation asks this DNS server over TCP, `127.0.0.1:PORT`. */
  readonly dnsAddress: string;
  /** The port for HTTP-01 at the address of every name; by default one where nothing listens. */
  readonly httpPort?: number;
  /** Holds its configuration and its server's certificate; created if absent. */
  readonly directory: string;
  /** Further settings of its configuration file. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Its `PEBBLE_…` variables. */
  readonly environment?: Readonly<Record<string, string>>;
};

const startDeadlineMs = 10 * secondMs;
const pollMs = 100;
const requestTimeoutMs = 2 * secondMs;
const closeDeadlineMs = 5 * secondMs;

/**
 * Let's Encrypt's test CA as a child process. It still rejects 5 % of the nonces and reuses 50 % of the authorizations;
 * only its random sleep before a validation is off.
 */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  try {
    return await startOnce(options);
  } catch {
    // Another process may have taken one of the free ports, so it tries once more, with others.
    return await startOnce(options);
  }
}

async function startOnce(options: PebbleOptions): Promise<Pebble> {
  const { port, managementPort } = await freePorts();
  const { rootPem, configPath } = await writeFiles(options, port, managementPort);
  const child = spawn(options.binary, ['-config', configPath, '-dnsserver', options.dnsAddress], {
    env: { PEBBLE_VA_NOSLEEP: '1', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastOutput(child);
  const directoryUrl = `https://127.0.0.1:${port}/dir`;
  const managementUrl = `https://127.0.0.1:${managementPort}`;
  try {
    await answered(child, directoryUrl, rootPem);
    const issuanceRootPem = await get(`${managementUrl}/roots/0`, rootPem);
    const { issued, orders, requests } = output;
    return {
      directoryUrl,
      rootPem,
      issuanceRootPem,
      managementUrl,
      requests,
      orders,
      issued,
      close: () => stop(child),
    };
  } catch (cause) {
    await stop(child);
    throw new Error(`Pebble did not start: ${output.last()}`, { cause });
  }
}

async function writeFiles(
  { directory, httpPort = 5002, settings }: PebbleOptions,
  port: number,
  managementPort: number,
) {
  await mkdir(directory, { recursive: true });
  const { certificatePem, keyPem, rootPem } = await makeServerCertificate('Certkeep Local Pebble');
  const certificate = join(directory, 'server-certificate.pem');
  const privateKey = join(directory, 'server-key.pem');
  const configPath = join(directory, 'pebble.json');
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate,
    privateKey,
    httpPort,
    tlsPort: 5001,
    ...settings,
  };
  await writeFile(certificate, certificatePem);
  await writeFile(privateKey, keyPem, { mode: 0o600 });
  await writeFile(configPath, JSON.stringify({ pebble }, null, 2));
  return { rootPem, configPath };
}

async function freePorts(): Promise<{ port: number; managementPort: number }> {
  const servers = [createServer(), createServer()] as const;
  const [port, managementPort] = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return { port: port as number, managementPort: managementPort as number };
}

/** A process that does not start emits `error`; a later failure shows in a request. */
async function answered(child: ChildProcess, url: string, rootPem: string): Promise<void> {
  const deadline = addMs(systemClock.now(), startDeadlineMs);
  let failedToSpawn: Error | undefined;
  child.once('error', (error) => {
    failedToSpawn = error;
  });
  for (;;) {
    try {
      await get(url, rootPem);
      return;
    } catch (error) {
      if (failedToSpawn) throw failedToSpawn;
      if (hasEnded(child) || systemClock.now() > deadline) throw error;
      await systemClock.sleep(pollMs);
    }
  }
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': 'certkeep-local' };
    const request = https.get(url, { ca, headers, timeout: requestTimeoutMs, agent: false });
    request.on('timeout', () => request.destroy(new Error(`No answer from ${url}`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
      });
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), closeDeadlineMs);
  await ended;
  clearTimeout(insist);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

const announcements = {
  requests: '-> calling handler()',
  orders: 'Added order',
  issued: 'Issued certificate serial',
} as const;

/** Reads the pipes, keeps the last lines, and counts the events that the lines announce. */
function lastOutput(child: ChildProcess) {
  let last = '';
  const counts = { requests: 0, orders: 0, issued: 0 };
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.on('data', (chunk) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const [what, words] of Object.entries(announcements)) {
        const count = lines.filter((line) => line.includes(words)).length;
        counts[what as keyof typeof counts] += count;
      }
      last = `${last}${chunk}`.slice(-2_000);
    });
  }
  return {
    last: () => last.trim(),
    requests: () => counts.requests,
    orders: () => counts.orders,
    issued: () => counts.issued,
  };
}
