import { type Declare, reaching } from '../../declare.ts';
import type { UnbarOptions } from './command.ts';

type Given = Omit<UnbarOptions, 'id'>;

export const declareUnbar: Declare = (program, terminal, end) => {
  reaching(program.command('unbar'))
    .summary('let a version be served again')
    .description(
      'Ends what bar began: the version may be served again, and is where it is the newest.',
    )
    .argument('<ID>', 'the certificate')
    .option('--version <version>', 'which one, where several are barred: its serial, or its id')
    .option('--reason <text>', 'why; asked for on a terminal')
    .action(async (id: string, given: Given) => {
      const [{ unbar }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await unbar({ ...given, id }, { terminal, person: personHere() }));
    });
};
