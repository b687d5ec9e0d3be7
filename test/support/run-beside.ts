import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { operator } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import type { World } from './world.ts';

type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** What a person has in the environment: credentials and a region. */
function personEnvironment(world: World, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _, COLUMNS: __, ...rest } = process.env;
  return {
    ...rest,
    AWS_ENDPOINT_URL: world.cloud.endpoint,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_REGION: 'us-east-1',
    ...more,
  };
}

/** The command lives in the time of the machine, which a world that lives for some hours does not reach. */
export function earlierClock() {
  return virtualClock(addMs(new Date(), -12 * hourMs));
}

type Running = {
  readonly env?: NodeJS.ProcessEnv;
  /** The program that runs it; Node, unless given. */
  readonly through?: (command: readonly string[]) => readonly [string, readonly string[]];
  readonly onStart?: (child: ChildProcess) => void;
};

/** Runs the command while the world lives on. */
export async function runBeside(
  world: World,
  args: readonly string[],
  { env = {}, onStart = () => undefined, through }: Running = {},
): Promise<Ended> {
  const command = [process.execPath, 'cli/certkeep.ts', ...args] as const;
  const [program, rest] = through ? through(command) : [command[0], command.slice(1)];
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    const options = { env: personEnvironment(world, env) };
    const child = execFile(program, rest, options, (_, stdout, stderr) => {
      isOver = true;
      resolve({ code: child.exitCode, stdout, stderr });
    });
    onStart(child);
  });
  while (!isOver) {
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, lookEveryMs))]);
    await world.settle();
    world.clock.advance(minuteMs);
    await world.dispatcher.invoke('verify', { sweep: true });
    await world.settle();
  }
  return ended;
}

const lookEveryMs = 500;

const script = '/usr/bin/script';

/** Linux has the `script` that runs a command on a terminal of its own and ends with its code. */
export const hasScript = process.platform === 'linux' && existsSync(script);

/** Runs it on a real terminal, on which a person answers what it asks. */
export function onTerminal(
  answers: readonly (readonly [question: string, answer: string])[],
): Running {
  return {
    through: (command) => [script, ['-qec', command.map(inQuotes).join(' '), '/dev/null']],
    onStart({ stdin, stdout }) {
      const left = [...answers];
      let seen = '';
      stdout?.on('data', (text) => {
        seen += text;
        const [next] = left;
        if (!next || !seen.includes(next[0])) return;
        left.shift();
        seen = '';
        stdin?.write(keys.includes(next[1]) ? next[1] : `${next[1]}\r`);
      });
    },
  };
}

/** Ctrl-C and Ctrl-D. */
export const keys: readonly string[] = ['\u0003', '\u0004'];

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
