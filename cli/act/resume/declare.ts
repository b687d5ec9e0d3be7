import { type Declare, reaching } from '../../declare.ts';
import type { ResumeOptions } from './command.ts';

type Given = Omit<ResumeOptions, 'ids'>;

export const declareResume: Declare = (program, terminal, end) => {
  reaching(program.command('resume'))
    .summary('end a pause')
    .description('Ends a pause: what is due begins.')
    .argument('<ID...>', 'the certificates')
    .option('--reason <text>', 'why; asked for on a terminal')
    .action(async (ids: readonly string[], given: Given) => {
      const [{ resume }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await resume({ ...given, ids }, { terminal, person: personHere() }));
    });
};
