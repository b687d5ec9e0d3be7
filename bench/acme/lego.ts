import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Lego = {
  /** One process per certificate; `cpuMs` is the CPU time of the whole process. */
  issue(directoryUrl: string, names: readonly string[]): Promise<{ ms: number; cpuMs: number }>;
  /** The CPU time of a process that does nothing but start. */
  startCpuMs(): Promise<number>;
};

/** lego's command with its own folder, where its account persists between runs. */
export async function openLego(binary: string, temporary: string, rootFile: string): Promise<Lego> {
  const path = await mkdtemp(join(temporary, 'lego-'));
  const env = {
    PATH: process.env.PATH ?? '',
    LEGO_CA_CERTIFICATES: rootFile,
    LEGO_DISABLE_CNAME_SUPPORT: 'true',
    // Publishes nothing, since Pebble accepts every challenge, and so need not wait either.
    EXEC_PATH: '/bin/true',
    EXEC_SEQUENCE_INTERVAL: '0',
    EXEC_POLLING_INTERVAL: '0',
  };

  async function timed(command: readonly string[]): Promise<{ ms: number; cpuMs: number }> {
    const timing = 'TIMEFORMAT="%R %U %S"; time "$@" 2>/dev/null >&2';
    const shell = ['--norc', '-c', timing, 'lego', ...command];
    const { stderr } = await run('bash', shell, { env });
    const [real = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return { ms: real * 1_000, cpuMs: (user + system) * 1_000 };
  }

  return {
    startCpuMs: async () => (await timed([binary, '--version'])).cpuMs,
    async issue(directoryUrl, names) {
      const domains = names.flatMap((name) => ['--domains', name]);
      const common = ['--server', directoryUrl, '--email', 'ops@example.com', '--accept-tos'];
      const solver = ['--dns', 'exec', '--dns.disable-cp', '--key-type', 'ec256', '--path', path];
      return timed([binary, ...common, ...solver, ...domains, 'run']);
    },
  };
}
