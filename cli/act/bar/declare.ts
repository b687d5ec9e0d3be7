import { type Declare, reaching } from '../../declare.ts';
import type { BarOptions } from './command.ts';

type Given = Omit<BarOptions, 'id'>;

export const declareBar: Declare = (program, terminal, end) => {
  reaching(program.command('bar'))
    .summary('keep a version of a certificate out of service')
    .description(
      'Keeps the version in service, or another one, out of service: the newest other one takes its place, and a new one is issued where there is none.',
    )
    .argument('<ID>', 'the certificate')
    .option('--version <version>', 'another one: its serial, or its id (npx certkeep show ID)')
    .option('--reason <text>', 'why; asked for on a terminal')
    .action(async (id: string, given: Given) => {
      const [{ bar }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await bar({ ...given, id }, { terminal, person: personHere() }));
    });
};
