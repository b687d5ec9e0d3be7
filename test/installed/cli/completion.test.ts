import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { completionScript } from '#cli/completion/script.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-completion-'));
afterAll(() => rmSync(directory, { recursive: true }));

function certkeep(...args: readonly string[]): string {
  return execFileSync(process.execPath, ['cli/certkeep.ts', ...args], { encoding: 'utf8' });
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).error === undefined;
}

/** The commands that the help names. */
const commands = [...certkeep('--help').matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'npx' && name !== 'npm');

describe.skipIf(!isInstalled('bash'))('bash', () => {
  const path = join(directory, 'certkeep.bash');
  writeFileSync(path, certkeep('completion', 'bash'));

  /** What bash offers after these words, of which the last may be unfinished. */
  function offered(...words: readonly string[]): readonly string[] {
    const script = `source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _certkeep; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', script, 'bash', path, 'certkeep', ...words];
    const text = execFileSync('bash', args, { encoding: 'utf8', cwd: directory });
    return text.split('\n').filter(Boolean);
  }

  test('the script is one that it reads without a word', () => {
    expect(spawnSync('bash', ['-n', path], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    const use = 'source "$1"; complete -p certkeep';
    const text = execFileSync('bash', ['--norc', '-c', use, 'bash', path], { encoding: 'utf8' });
    expect(text).toBe('complete -F _certkeep certkeep\n');
  });

  test('every command that the help names is offered', () => {
    expect(commands).toContain('status');
    expect(offered('')).toEqual(expect.arrayContaining(commands));
    expect(offered('hist')).toEqual(['history']);
  });

  test('a command is followed by its own options, and an option by its choices or by files', () => {
    expect(offered('status', '--f')).toEqual(['--failing']);
    expect(offered('logs', 'shop', '--f')).toEqual(['--follow']);
    expect(offered('status', '--sort', '')).toEqual(['state', 'ends', 'renews', 'name']);
    expect(offered('status', '--json', '--sort', 'r')).toEqual(['renews']);
    expect(offered('status', '--config', 'certkeep.b')).toEqual(['certkeep.bash']);
    expect(offered('status', '--region', '')).toEqual([]);
    expect(offered('completion', 'z')).toEqual(['zsh']);
  });
});

test.skipIf(!isInstalled('zsh'))('zsh reads its script', () => {
  const path = join(directory, '_certkeep');
  writeFileSync(path, certkeep('completion', 'zsh'));
  expect(spawnSync('zsh', ['-n', path], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

test.skipIf(!isInstalled('fish'))('fish reads its script, and offers the commands', () => {
  const path = join(directory, 'certkeep.fish');
  writeFileSync(path, certkeep('completion', 'fish'));
  const script = `source ${path}; complete -C 'certkeep hist'`;
  expect(execFileSync('fish', ['-c', script], { encoding: 'utf8' })).toMatch(/^history\t/);
});

/** A program with commands below commands, and words that each shell quotes in its own way. */
function nested(): Command {
  const program = new Command('x').helpOption(false).helpCommand(false);
  const account = program.command('account').summary("the CA's account");
  account.helpOption(false).helpCommand(false);
  account.command('show').summary('a: b').helpOption(false).option('-k, --key <file>', "it's \\");
  program
    .command('look')
    .helpOption(false)
    .addOption(new Option('--by <order>').choices(['name', 'end']))
    .addOption(new Option('--secretly').hideHelp());
  return program;
}

test('commands below commands are completed, with what is said of them in the quotes of each shell', () => {
  const bash = completionScript(nested(), 'bash', 'x');
  expect(bash).toContain("' account show -k' | ' account show --key') compopt");
  expect(bash).toContain("' account') words='show' ;;");
  const zsh = completionScript(nested(), 'zsh', 'x');
  expect(zsh).toContain("(' account') known=('show:a: b') ;;");
  expect(zsh).toContain(`known=('account:the CA'\\''s account' 'look')`);
  expect(completionScript(nested(), 'fish', 'x').split('\n').slice(2, 6)).toEqual([
    "complete -c x -n 'not __fish_seen_subcommand_from account look' -a 'account' -d 'the CA\\'s account'",
    "complete -c x -n 'not __fish_seen_subcommand_from account look' -a 'look' -d ''",
    "complete -c x -n '__fish_seen_subcommand_from account; and not __fish_seen_subcommand_from show' -a 'show' -d 'a: b'",
    "complete -c x -n '__fish_seen_subcommand_from account; and __fish_seen_subcommand_from show' -s k -l key -r -F -d 'it\\'s \\\\'",
  ]);
});

test('what the help hides is not completed', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    expect(completionScript(nested(), shell, 'x')).not.toContain('secretly');
  }
});

test('a shell that it does not know is said', () => {
  const args = ['cli/certkeep.ts', 'completion', 'tcsh'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
});
