import { type Declare, reaching } from '../../declare.ts';
import type { RetryOptions } from './command.ts';

type Given = Omit<RetryOptions, 'ids'>;

export const declareRetry: Declare = (program, terminal, end) => {
  reaching(program.command('retry'))
    .summary('try again at once what has failed')
    .description(
      'Does at once what waits after a failure, and follows it until it is served. It issues nothing that is not due.',
    )
    .argument('<ID...>', 'the certificates')
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--no-wait', 'do not follow the stages')
    .action(async (ids: readonly string[], given: Given) => {
      const [{ retry }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await retry({ ...given, ids }, { terminal, person: personHere() }));
    });
};
