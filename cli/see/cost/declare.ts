import type { Declare } from '../../declare.ts';

export const declareCost: Declare = (program, terminal, end) => {
  program
    .command('cost')
    .summary('what the file costs a month')
    .description(
      'Estimates what the configuration costs a month, from list prices of us-east-1. It asks nobody.',
    )
    .option('--config <file>', 'the configuration (certkeep.yaml)')
    .option('--json', 'print it for another program', false)
    .action(async (options: { readonly config?: string; readonly json: boolean }) => {
      const { cost } = await import('./command.ts');
      end(cost(options, terminal));
    });
};
