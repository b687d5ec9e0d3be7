import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { shakeHands } from 'local-cloud/handshake.ts';
import { secondMs } from '#shared/time/clock.ts';
import { onFreePorts } from './free-port.ts';

/** Packages put it there, which is not on the search path of everybody. */
const usualDirectories = ['/usr/sbin', '/usr/local/sbin'];

/** The path of nginx; null where it is not installed. */
export async function installedNginx(): Promise<string | null> {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((each) => each !== '');
  for (const directory of [...onPath, ...usualDirectories]) {
    const program = join(directory, 'nginx');
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  return null;
}

export type Nginx = {
  readonly port: number;
  /** Reads its files again, as `systemctl reload nginx` has it do. */
  reload(): Promise<void>;
  close(): void;
};

const startsWithinMs = 10 * secondMs;

/**
 * Starts nginx with the pair in `live`, below a directory that holds all that it writes.
 * @throws Error where it does not answer
 */
export async function startNginx(program: string, directory: string): Promise<Nginx> {
  const arguments_ = await builtWith(program);
  return onFreePorts(async (freePort) => {
    const port = await freePort();
    const file = join(directory, 'nginx.conf');
    await writeFile(file, configuration(directory, port, arguments_));
    return started(program, ['-p', directory, '-c', file, '-e', 'stderr'], port);
  });
}

async function started(program: string, args: readonly string[], port: number): Promise<Nginx> {
  const child = spawn(program, [...args, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let isOver = false;
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2_000);
  });
  child.on('error', (error) => {
    said = error.message;
    isOver = true;
  });
  child.on('exit', () => {
    isOver = true;
  });
  child.unref();
  const kill = () => void child.kill();
  // It ends with this process, however that ends.
  process.once('exit', kill);
  const close = () => {
    process.off('exit', kill);
    kill();
  };
  const end = performance.now() + startsWithinMs;
  while (isOver || !(await answers(port))) {
    if (!isOver && performance.now() < end) continue;
    close();
    const error = new Error(`${program} does not start: ${said}`);
    throw Object.assign(error, said.includes('bind() to') && { name: 'PortTaken' });
  }
  return { port, close, reload: async () => void child.kill('SIGHUP') };
}

async function answers(port: number): Promise<boolean> {
  const asked = {
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    family: null,
    timeoutMs: secondMs,
  };
  return shakeHands(asked).then(
    () => true,
    () => new Promise((resolve) => setTimeout(() => resolve(false), 50)),
  );
}

/** The arguments that it was configured with. */
function builtWith(program: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, ['-V'], (_, __, stderr) => resolve(stderr));
  });
}

/** Modules for requests to other servers, each with a directory for files. */
const forwarding = ['proxy', 'fastcgi', 'uwsgi', 'scgi'];

function configuration(directory: string, port: number, built: string): string {
  const temporary = [
    'client_body',
    ...forwarding.filter((each) => !built.includes(`--without-http_${each}_module`)),
  ];
  return `worker_processes 1;
pid nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
${temporary.map((each) => `  ${each}_temp_path "${directory}/${each}";`).join('\n')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate live/fullchain.pem;
    ssl_certificate_key live/privkey.pem;
    return 204;
  }
}
`;
}
