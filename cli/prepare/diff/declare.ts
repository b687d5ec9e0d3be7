import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

export const declareDiff: Declare = (program, terminal, end) => {
  reaching(program.command('diff'))
    .summary('what a deployment of the file would change')
    .description(
      'Compares a configuration file with the one that is deployed, in words of certificates. Exit codes: 0 no difference, 1 differences, 2 it could not.',
    )
    .argument('[FILE]', 'the file (certkeep.yaml)')
    .option('--json', 'print the differences as one JSON object', false)
    .action(async (file: string | undefined, given: ReachOptions & { readonly json: boolean }) => {
      const { diff } = await import('./command.ts');
      end(await diff({ ...given, file }, terminal));
    });
};
