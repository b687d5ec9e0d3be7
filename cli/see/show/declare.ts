import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

export const declareShow: Declare = (program, terminal, end) => {
  reaching(program.command('show'))
    .summary('all that is known of one certificate')
    .description('Shows all that is known of one certificate, and the next step.')
    .argument('<ID>', 'the certificate')
    .option('--json', 'print it as one JSON object', false)
    .action(async (id: string, given: ReachOptions & { readonly json: boolean }) => {
      const { show } = await import('./command.ts');
      end(await show({ ...given, id }, terminal));
    });
};
