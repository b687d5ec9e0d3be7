import { type Declare, reaching } from '../../declare.ts';
import type { RollbackOptions } from './command.ts';

type Given = Omit<RollbackOptions, 'id'>;

export const declareRollback: Declare = (program, terminal, end) => {
  reaching(program.command('rollback'))
    .summary('put an earlier certificate back into service')
    .description(
      'Puts the certificate before back into service, and follows it until it is served. It stays until a newer one is issued, or until a time.',
    )
    .argument('<ID>', 'the certificate')
    .option('--version <version>', 'another one: its serial, or its id (npx certkeep show ID)')
    .option('--until <time>', 'a day, or a day and a time, in UTC')
    .option('--for <span>', 'from now on: 90m, 12h, 3d, 2w')
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--no-wait', 'do not follow the stages')
    .action(async (id: string, given: Given) => {
      const [{ rollback }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await rollback({ ...given, id }, { terminal, person: personHere() }));
    });
};
