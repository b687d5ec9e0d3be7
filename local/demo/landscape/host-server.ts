import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, createServer } from 'node:tls';
import { errorMessage } from '#shared/errors.ts';
import type { Machine } from './builder.ts';
import { type Nginx, startNginx } from './nginx.ts';

/** A key and its certificates, leaf first, in PEM. */
export type Pair = { readonly key: string; readonly cert: string };

/** A server of TLS on a host. */
export type HostServer = {
  readonly port: number;
  /** From now on it serves this pair. */
  take(pair: Pair): Promise<void>;
};

/** Keeps the pair in memory. `beforeAnswer` is called before each handshake. */
export async function memoryServer(
  first: Pair,
  beforeAnswer: () => Promise<void> = async () => undefined,
): Promise<HostServer> {
  const { port, take } = await nodeServer(first, beforeAnswer);
  return { port, take: async (pair) => take(pair) };
}

type FileHost = {
  readonly name: string;
  readonly machine: Machine;
  /** The path of nginx; null for a server of Node. */
  readonly nginx: string | null;
  readonly onStep: (step: string) => void;
};

/**
 * Keeps the pair in files, as the script for hosts does, and is reloaded: nginx, or a server of Node that reads the same files.
 */
export async function fileServer(host: FileHost, first: Pair): Promise<HostServer> {
  const { machine, name, onStep } = host;
  const directory = join(machine.directory, 'hosts', name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = pemFiles(directory);
  await files.put(first);
  const nginx = await nginxOn(host, directory);
  const server = nginx ?? (await nodeOn(files.read));
  machine.defer(server.close);
  onStep(`${name}: ${nginx ? 'nginx' : 'a server of Node'} reads PEM files, port ${server.port}`);
  return {
    port: server.port,
    async take(pair) {
      await files.put(pair);
      await server.reload();
    },
  };
}

/** Null where it is not there, or does not start. */
async function nginxOn({ nginx, onStep }: FileHost, directory: string): Promise<Nginx | null> {
  if (nginx === null) return null;
  try {
    return await startNginx(nginx, directory);
  } catch (error) {
    onStep(errorMessage(error));
    return null;
  }
}

async function nodeOn(read: () => Promise<Pair>): Promise<Nginx> {
  const { close, port, take } = await nodeServer(await read(), async () => undefined);
  return { close, port, reload: async () => take(await read()) };
}

/** One rename changes both files at once, so that no server reads a key and a certificate that do not match. */
function pemFiles(directory: string) {
  let count = 0;
  const live = (file: string) => readFile(join(directory, 'live', file), 'utf8');
  return {
    async put({ cert, key }: Pair): Promise<void> {
      count += 1;
      const version = `version-${count}`;
      await mkdir(join(directory, version), { mode: 0o700 });
      await writeFile(join(directory, version, 'privkey.pem'), key, { mode: 0o600 });
      await writeFile(join(directory, version, 'fullchain.pem'), cert);
      await symlink(version, join(directory, '.live.new'));
      await rename(join(directory, '.live.new'), join(directory, 'live'));
      await rm(join(directory, `version-${count - 2}`), { recursive: true, force: true });
    },
    read: async () => ({ key: await live('privkey.pem'), cert: await live('fullchain.pem') }),
  };
}

async function nodeServer(first: Pair, beforeAnswer: () => Promise<void>) {
  let context = createSecureContext(first);
  const server = createServer({
    SNICallback: (_, answer) => {
      beforeAnswer().then(() => answer(null, context), answer);
    },
  });
  server.on('tlsClientError', () => undefined);
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take(pair: Pair) {
      context = createSecureContext(pair);
    },
    close: () => void server.close(),
  };
}
