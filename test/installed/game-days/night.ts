import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, typed, until } from '../visit/shell.ts';

/** Somebody who is woken by a message, and has a shell. */
export type Night = {
  /** The last message about the trouble, as it was printed. */
  readonly message: string;
  /** The command in that message. */
  readonly command: string;
  /** Everything that was printed so far. */
  printed(): string;
  /** Runs a command in a shell that was prepared with the printed lines. */
  type(command: string): Promise<string>;
  /** Reads a file that a command has written. */
  file(name: string): Promise<string>;
  /** Waits until it ends by itself; the exit status. */
  end(): Promise<number | null>;
  leave(): Promise<void>;
};

const toldWithinMs = 150_000;
const wellWithinMs = 100_000;
const invitation = 'Run the command of the message';

/** Plays the scenario until somebody is needed. */
export async function nightOf(scenario: string): Promise<Night> {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-night-'));
  const child = spawn(process.execPath, ['local/demo/start.ts', '--scenario', scenario], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const isOver = () => child.exitCode !== null;
  await until(() => isOver() || printed.includes(`${invitation} `), toldWithinMs).catch(
    async (error) => {
      await ended(child, 'SIGTERM');
      throw error;
    },
  );
  if (isOver()) throw new Error(`nobody was told: ${printed}`);
  const [before = '', after = ''] = printed.split('Prepare another shell for this cloud:\n\n', 2);
  const [preparation = '', told = ''] = splitOnce(after || before, '\n\n');
  const message = told.split(invitation)[0] ?? '';
  return {
    message,
    command: commandIn(message),
    printed: () => printed,
    type: (command) => typed(command, { directory, preparation: preparation.split('\n') }),
    file: (name) => readFile(join(directory, name), 'utf8'),
    async end() {
      await until(isOver, wellWithinMs);
      return child.exitCode;
    },
    leave: () => leave(child, directory),
  };
}

/** The last line of its own between the next step and the runbook. */
function commandIn(message: string): string {
  const steps = message.split('What to do: ').at(-1)?.split('Runbook: ')[0] ?? '';
  const lines = steps.split('\n').slice(1);
  return lines.map((line) => line.trim()).find((line) => line !== '') ?? '';
}

function splitOnce(text: string, by: string): readonly [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + by.length)];
}

async function leave(child: ChildProcess, directory: string): Promise<void> {
  await ended(child, 'SIGTERM');
  await rm(directory, { recursive: true });
}
