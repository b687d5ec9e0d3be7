import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, createServer } from 'node:tls';
import type { Machine } from './builder.ts';
import { nginxIn, startNginx } from './nginx.ts';

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

/**
 * Keeps the pair in files, as the script for hosts does, and is reloaded: nginx where the machine has it, and a server of Node
 * that reads the same files otherwise.
 */
export async function fileServer(
  name: string,
  first: Pair,
  machine: Machine,
  onStep: (step: string) => void,
): Promise<HostServer> {
  const directory = join(machine.directory, 'hosts', name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = pemFiles(directory);
  await files.put(first);
  const { port, program, reload } = await startedOn(directory, machine, files.read);
  onStep(`${name}: a host with ${program} on port ${port}, which reads PEM files`);
  return {
    port,
    async take(pair) {
      await files.put(pair);
      await reload();
    },
  };
}

async function startedOn(directory: string, machine: Machine, read: () => Promise<Pair>) {
  const program = await nginxIn(process.env.PATH ?? '');
  if (program !== null) {
    const nginx = await startNginx(program, directory);
    machine.defer(nginx.close);
    return { program: 'nginx', ...nginx };
  }
  const server = await nodeServer(await read(), async () => undefined);
  machine.defer(server.close);
  const reload = async () => server.take(await read());
  return { program: 'a server of Node, since nginx is not installed,', port: server.port, reload };
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
