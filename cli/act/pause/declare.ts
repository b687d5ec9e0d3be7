import { type Declare, reaching } from '../../declare.ts';
import type { PauseOptions } from './command.ts';

type Given = Omit<PauseOptions, 'ids'>;

export const declarePause: Declare = (program, terminal, end) => {
  reaching(program.command('pause'))
    .summary('let no renewal begin before a time')
    .description(
      'Lets no renewal begin before a time, at most 90 days ahead. What cannot wait goes on: the last tenth of a life, and a revoked certificate.',
    )
    .argument('<ID...>', 'the certificates')
    .option('--until <time>', 'a day, or a day and a time, in UTC')
    .option('--for <span>', 'from now on: 90m, 12h, 3d, 2w')
    .option('--reason <text>', 'why; asked for on a terminal')
    .action(async (ids: readonly string[], given: Given) => {
      const [{ pause }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await pause({ ...given, ids }, { terminal, person: personHere() }));
    });
};
