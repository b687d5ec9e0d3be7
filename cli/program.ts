import { Command, CommanderError, Option } from 'commander';
import { version } from '#shared/user-agent.ts';
import { failureText } from './failure.ts';
import type { ReachOptions } from './reach/options.ts';
import { sortOrders } from './status/sort-orders.ts';
import type { StatusOptions } from './status/status.ts';
import type { Terminal } from './terminal.ts';

/** Exit codes: 0 all is well, 1 somebody is needed, 2 it was used wrongly, or nothing could be read. */
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
    terminal.complain(failureText(error));
    return couldNot;
  }
}

const description =
  'certkeep keeps TLS certificates renewed on AWS and proves that the endpoints serve them. ' +
  'These commands read what it has written in your account, and change nothing. ' +
  "The package also has its CDK construct (import { Certkeep } from 'certkeep'), which installs it.";

const more = `
Exit codes: 0 all is well, 1 somebody is needed, 2 wrong use, or nothing could be read.

In a checkout of certkeep:
  npx cdk deploy --all          installs what certkeep.yaml says, without an app of yours
  npm start                     plays a fleet in a local cloud
  npm run smoke -- --help       a first trial in a real account
  npm run go-back -- --help     prepares going back to the release before`;

type End = (exitCode: number) => void;

function programFor(terminal: Terminal, end: End): Command {
  const program = new Command('npx certkeep')
    .description(description)
    .version(version, '--version', 'print the version')
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
  addStatus(program, terminal, end);
  addShow(program, terminal, end);
  addHistory(program, terminal, end);
  return program;
}

// Each command loads its code when it runs: the help needs none of it.

function addStatus(program: Command, terminal: Terminal, end: End): void {
  reaching(program.command('status'))
    .summary('how all certificates are, the worst first')
    .description('Shows how all certificates are, the worst first.')
    .argument('[ID...]', 'only these certificates')
    .option('--failing', 'only what needs somebody', false)
    .option('--owner <owner>', 'only the certificates of this owner')
    .addOption(new Option('--sort <order>', 'the order').choices(sortOrders).default('state'))
    .option('--json', 'print the object as check has written it, with these certificates', false)
    .option('--watch', 'look again every five seconds until Ctrl-C', false)
    .action(async (ids: readonly string[], given: StatusGiven) => {
      const { status } = await import('./status/command.ts');
      const { owner = null } = given;
      end(await status({ ...given, ids, owner }, terminal));
    });
}

function addShow(program: Command, terminal: Terminal, end: End): void {
  reaching(program.command('show'))
    .summary('all that is known of one certificate')
    .description('Shows all that is known of one certificate, and the next step.')
    .argument('<ID>', 'the certificate')
    .option('--json', 'print it as one JSON object', false)
    .action(async (id: string, given: Given) => {
      const { show } = await import('./show/command.ts');
      end(await show({ ...given, id }, terminal));
    });
}

function addHistory(program: Command, terminal: Terminal, end: End): void {
  reaching(program.command('history'))
    .summary('what has happened to one certificate')
    .description('Shows what has happened to one certificate, oldest first.')
    .argument('<ID>', 'the certificate')
    .option('--json', 'print it as a JSON list', false)
    .action(async (id: string, given: Given) => {
      const { history } = await import('./history/command.ts');
      end(await history({ ...given, id }, terminal));
    });
}

type Given = ReachOptions & { readonly json: boolean };
type StatusGiven = ReachOptions &
  Omit<StatusOptions, 'ids' | 'owner'> & { readonly owner?: string; readonly watch: boolean };

/** The options that say where an installation is. */
function reaching(command: Command): Command {
  return command
    .option('--installation <name>', 'the name of the installation (certkeep)')
    .option('--region <region>', 'its home region (as in AWS_REGION or the profile)')
    .option('--account <account>', 'its account (the one of your credentials)')
    .option('--config <file>', 'take these three from this file (certkeep.yaml, where it is there)')
    .option('--local', 'look at the local cloud that `npm start -- --keep` keeps running');
}
