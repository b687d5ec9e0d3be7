import { Option } from 'commander';
import type { Declare } from '../../declare.ts';
import type { InventoryOptions } from './command.ts';

type Given = Omit<InventoryOptions, 'region'> & { readonly region?: readonly string[] };

export const declareInventory: Declare = (program, terminal, end) => {
  program
    .command('inventory')
    .summary('every certificate in use, and who renews it')
    .description(
      'Lists every certificate of ACM that something uses, by its end: who issued it, who renews it, and what uses it. Certificates that load balancers have from IAM are not listed.',
    )
    .option('--region <region...>', 'these regions (home, and those of the targets of the file)')
    .option('--config <file>', 'the configuration (certkeep.yaml, where it is there)')
    .option('--all', 'also those that nothing uses', false)
    .addOption(new Option('--json', 'print it for another program').default(false).conflicts('csv'))
    .addOption(new Option('--csv', 'print it for a spreadsheet').default(false))
    .option('--local', 'look at the local cloud that `npm start -- --keep` keeps running')
    .action(async ({ region = [], ...options }: Given) => {
      const { inventory } = await import('./command.ts');
      end(await inventory({ ...options, region }, terminal));
    });
};
