import { type Declare, reaching } from '../../declare.ts';
import type { RenewOptions } from './command.ts';

type Given = Omit<RenewOptions, 'ids'>;

export const declareRenew: Declare = (program, terminal, end) => {
  reaching(program.command('renew'))
    .summary('get a new certificate with a new key')
    .description(
      'Has a new certificate with a new key issued, whatever the rules say, and follows it until it is served. After a failure, retry instead.',
    )
    .argument('<ID...>', 'the certificates')
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--yes', 'do not ask whether to go on', false)
    .option('--no-wait', 'do not follow the stages')
    .option('--override', 'even if that uses up a limit of the CA, once a day', false)
    .action(async (ids: readonly string[], given: Given) => {
      const [{ renew }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await renew({ ...given, ids }, { terminal, person: personHere() }));
    });
};
