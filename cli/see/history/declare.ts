import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

export const declareHistory: Declare = (program, terminal, end) => {
  reaching(program.command('history'))
    .summary('what has happened to one certificate')
    .description('Shows what has happened to one certificate, oldest first.')
    .argument('<ID>', 'the certificate')
    .option('--json', 'print it as a JSON list', false)
    .action(async (id: string, given: ReachOptions & { readonly json: boolean }) => {
      const { history } = await import('./command.ts');
      end(await history({ ...given, id }, terminal));
    });
};
