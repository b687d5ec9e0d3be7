import { type Declare, reaching } from '../../declare.ts';
import type { RenewOptions } from './command.ts';

type Given = Omit<RenewOptions, 'ids'> & { readonly dryRun: boolean };

export const declareRenew: Declare = (program, terminal, end) => {
  const command = reaching(program.command('renew'));
  command
    .summary('get a new certificate with a new key')
    .description(
      'Has a new certificate with a new key issued, whatever the rules say, and follows it until it is served. After a failure, retry instead.',
    )
    .argument('<ID...>', 'the certificates')
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--yes', 'do not ask whether to go on', false)
    .option('--no-wait', 'do not follow the stages')
    .option('--override', 'even if that uses up a limit of the CA, once a day', false)
    .addOption(
      command
        .createOption('--dry-run', 'rehearse it at the staging directory of the CA; issues nothing')
        .default(false)
        .conflicts(['override']),
    )
    .action(async (ids: readonly string[], { dryRun: isDry, ...given }: Given) => {
      const { personHere } = await import('../person.ts');
      const ports = { terminal, person: personHere() };
      if (isDry) {
        const { dryRun } = await import('./dry-run.ts');
        end(await dryRun({ ...given, ids }, ports));
      } else {
        const { renew } = await import('./command.ts');
        end(await renew({ ...given, ids }, ports));
      }
    });
};
