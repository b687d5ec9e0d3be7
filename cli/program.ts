import { Command, CommanderError } from 'commander';
import { version } from '#shared/http/user-agent.ts';
import { declareApprove } from './act/approve/declare.ts';
import { declareBar } from './act/bar/declare.ts';
import { declarePause } from './act/pause/declare.ts';
import { declareRenew } from './act/renew/declare.ts';
import { declareResume } from './act/resume/declare.ts';
import { declareRetry } from './act/retry/declare.ts';
import { declareRevoke } from './act/revoke/declare.ts';
import { declareRollback } from './act/rollback/declare.ts';
import { declareUnbar } from './act/unbar/declare.ts';
import { declareCompletion } from './completion/declare.ts';
import type { Declare } from './declare.ts';
import { failureText } from './failure.ts';
import { declareExport } from './keep/export/declare.ts';
import { nextHere } from './next-here.ts';
import { declareDiff } from './prepare/diff/declare.ts';
import { declareDoctor } from './prepare/doctor/declare.ts';
import { declareInit } from './prepare/init/declare.ts';
import { declareValidate } from './prepare/validate/declare.ts';
import { declareAccount } from './see/account/declare.ts';
import { declareCost } from './see/cost/declare.ts';
import { declareHistory } from './see/history/declare.ts';
import { declareInventory } from './see/inventory/declare.ts';
import { declareLogs } from './see/logs/declare.ts';
import { declarePlan } from './see/plan/declare.ts';
import { declareShow } from './see/show/declare.ts';
import { declareStatus } from './see/status/declare.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes: 0 all is well, 1 somebody is needed, 2 it was used wrongly, or could not be done. */
const couldNot = 2;

/** Runs one command, and returns the exit code of the process. */
export async function certkeep(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = programFor(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said itself what is wrong, or has shown what was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : couldNot;
    const width = terminal.isInteractive ? terminal.width() : Infinity;
    terminal.complain(failureText(error, { width, nextHere: nextHere(program, args) }));
    return couldNot;
  }
}

const description =
  'certkeep keeps TLS certificates renewed on AWS and proves that the endpoints serve them. ' +
  'renew, retry, rollback, revoke, pause, resume, bar, unbar, approve, account roll and account deactivate ask it for something; the others change nothing in your account. ' +
  "The package also has its CDK construct (import { Certkeep } from 'certkeep'), which installs it.";

const more = `
Exit codes: 0 all is well, 1 somebody is needed, 2 wrong use, or it could not
be done.

In a checkout of certkeep:
  npm start -- --keep           a cloud on this machine, for commands with --local
  npx cdk deploy --all          installs what certkeep.yaml says
  npm run smoke -- --help       a first trial in a real account
  npm run go-back -- --help     prepares going back to the release before`;

/** In the order of the help. Each loads its code when it runs: the help needs none of it. */
const declarations: readonly Declare[] = [
  declareInit,
  declareValidate,
  declareDiff,
  declareDoctor,
  declareStatus,
  declareShow,
  declareHistory,
  declareLogs,
  declarePlan,
  declareInventory,
  declareCost,
  declareAccount,
  declareRenew,
  declareRetry,
  declareRollback,
  declareRevoke,
  declarePause,
  declareResume,
  declareBar,
  declareUnbar,
  declareApprove,
  declareExport,
  declareCompletion,
];

function programFor(terminal: Terminal, end: (exitCode: number) => void): Command {
  const program = new Command('npx certkeep')
    .description(description)
    .version(version, '--version', 'print the version')
    // Some commands have a --version of their own.
    .enablePositionalOptions()
    .helpOption('--help', 'say how a command is used')
    .helpCommand(false)
    .addHelpText('after', more)
    .showHelpAfterError('Next: npx certkeep --help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const declare of declarations) declare(program, terminal, end);
  return program;
}
