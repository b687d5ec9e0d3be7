import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, typed, until } from './shell.ts';

/** Somebody at a shell, beside the cloud that `npm start -- --keep` left running. */
export type Person = {
  /** The commands that were printed for looking around, each as it stands there. */
  readonly invited: readonly string[];
  /** Everything that was printed so far. */
  printed(): string;
  /** What a command prints, in a shell that was given the printed exports and the alias. */
  type(command: string): Promise<string>;
  read<Answer>(command: string): Promise<Answer>;
  /** A file in the directory where the commands run. */
  file(name: string, content: string): Promise<void>;
  /** Ctrl-C; the exit status. */
  interrupt(): Promise<number | null>;
  leave(): Promise<void>;
};

const startsMs = 90_000;

/** Starts the fleet and waits until it invites to look around. */
export async function personBesideTheFleet(): Promise<Person> {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-visit-'));
  const child = spawn(process.execPath, ['local/demo/start.ts', '--keep', '--verbose'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const isInvited = () => invitation(printed).commands.length > 0;
  await until(() => child.exitCode !== null || isInvited(), startsMs).catch(async (error) => {
    await ended(child, 'SIGTERM');
    throw error;
  });
  if (child.exitCode !== null) throw new Error(`the fleet was not kept: ${printed}`);
  const { preparation, commands } = invitation(printed);

  const type = (command: string) => typed(command, { directory, preparation });

  return {
    invited: commands,
    printed: () => printed,
    type,
    read: async (command) => JSON.parse(await type(command)),
    file: (name, content) => writeFile(join(directory, name), content),
    interrupt: () => ended(child, 'SIGINT'),
    async leave() {
      await ended(child, 'SIGTERM');
      await rm(directory, { recursive: true });
    },
  };
}

/** The printed lines: what prepares a shell, and the commands, of which some go over two lines. */
function invitation(printed: string) {
  const [, text = ''] = printed.split('To look around:\n');
  // Whatever comes after the commands says that they are printed to their end.
  const [preparation = '', commands = '', rest] = text.trimStart().split('\n\n');
  const isWhole = rest !== undefined;
  return {
    preparation: preparation.split('\n'),
    commands: isWhole ? commands.split(/\n {2}(?! )/) : [],
  };
}
