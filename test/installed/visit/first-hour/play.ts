import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../shell.ts';
import type { Step } from './page.ts';
import { screenText } from './screen.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const longestMs = 150_000;

/** Somebody at two shells, in a checkout of certkeep, in a terminal of 80 columns. */
export type Newcomer = {
  /** Types a command, with the port of today, answers what it asks, and returns what stands on the terminal then. */
  type(command: string): Promise<Step>;
  leave(): Promise<void>;
};

/** Says whether there is the `script` of util-linux, which runs a command in a terminal. */
export const hasTerminal = (spawnSync('script', ['--version']).stdout ?? '').includes('util-linux');

/** What a newcomer answers. */
const answers: readonly (readonly [question: RegExp, answer: string])[] = [
  [/\(1 3-5, all, none\)\? $/, 'all'],
  [/\(empty for none yet\): $/, 'ops@certkeep.dev'],
  [/do you agree \(yes, no\)\? $/, 'yes'],
  [/^Why\? .*\) $/m, 'the first hour'],
  [/Go on\? \[y\/N\] $/, 'y'],
];

/** What is printed where a cloud is kept. What follows in the second is for those who know the aws command line. */
const isKept = /--bare\n[\s\S]*init --local\n\n|\nTo look around:\n/;

export function newcomer(): Newcomer {
  const place = mkdtempSync(join(tmpdir(), 'certkeep-hour-'));
  const checkout = join(place, 'certkeep');
  mkdirSync(checkout);
  // The file that is written lies beside the links, and not in the checkout of the tests.
  const kept = readdirSync(root).filter((name) => name !== '.git' && name !== 'certkeep.yaml');
  for (const name of kept) symlinkSync(join(root, name), join(checkout, name));
  let cloud: Terminal | null = null;

  async function stopCloud(): Promise<void> {
    await cloud?.end('\u0003');
    cloud = null;
  }

  return {
    async type(command) {
      if (command.startsWith('npm start')) {
        await stopCloud();
        cloud = terminal(command, { checkout, place });
        const { isOver, shown } = cloud;
        await until(() => isOver() || isKept.test(shown()), longestMs);
        const [printed = ''] = shown().split('\nTo look around:\n');
        return { command, printed: withoutMessages(printed) };
      }
      const port = /-connect 127\.0\.0\.1:(\d+)/.exec(cloud?.shown() ?? '')?.[1] ?? '';
      const today = command.replace(/(127\.0\.0\.1):\d+/, `$1:${port}`);
      const typed = terminal(today, { checkout, place });
      await until(typed.isOver, longestMs);
      return { command: today, printed: typed.shown().trimEnd() };
    },
    async leave() {
      await stopCloud();
      rmSync(place, { recursive: true });
    },
  };
}

type Terminal = {
  shown(): string;
  isOver(): boolean;
  end(key: string): Promise<void>;
};

function terminal(
  command: string,
  { checkout, place }: { readonly checkout: string; readonly place: string },
): Terminal {
  const child = spawn(
    'script',
    ['-qefc', `stty cols 80 rows 24; ${runnable(command)}`, '/dev/null'],
    {
      cwd: checkout,
      env: environment(place),
    },
  );
  let written = '';
  let answered = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    const fresh = screenText(written.slice(answered));
    const answer = answers.find(([question]) => question.test(withEnd(fresh, written)))?.[1];
    if (answer === undefined) return;
    answered = written.length;
    child.stdin.write(`${answer}\r`);
  });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return { shown: () => screenText(written), isOver, end: (key) => ended(child, key, isOver) };
}

const askedLast = new RegExp(` (?:${String.fromCharCode(27)}\\[\\d+G)?$`);

/** A question ends with a blank, behind which somebody writes. */
function withEnd(shown: string, written: string): string {
  return askedLast.test(written) ? `${shown} ` : shown;
}

async function ended(
  child: ChildProcessWithoutNullStreams,
  key: string,
  isOver: () => boolean,
): Promise<void> {
  if (!isOver()) child.stdin.write(key);
  await until(isOver, longestMs).finally(() => child.kill('SIGKILL'));
}

/** npx itself takes a second: it is tried once, by the first command. */
function runnable(command: string): string {
  return command.startsWith('npx certkeep init')
    ? command
    : command.replace(/^npx certkeep/, `${process.execPath} cli/run.js`);
}

/** Nothing of AWS, and npm as quiet as it is without a new release. */
function environment(place: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:AWS_|npm_|COLUMNS$)/.test(name));
  return {
    ...Object.fromEntries(own),
    ...{ NO_COLOR: '1', TERM: 'xterm', TMPDIR: place, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ npm_config_cache: join(place, 'npm'), npm_config_update_notifier: 'false' },
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  };
}

/** The messages come when they come. */
function withoutMessages(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\d\d:\d\d:\d\d {2}/.test(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}
