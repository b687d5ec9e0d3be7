import { Option } from 'commander';
import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { sortOrders } from './sort-orders.ts';
import type { StatusOptions } from './status.ts';

type Given = ReachOptions &
  Omit<StatusOptions, 'ids' | 'owner'> & { readonly owner?: string; readonly watch: boolean };

export const declareStatus: Declare = (program, terminal, end) => {
  reaching(program.command('status'))
    .summary('how all certificates are, the worst first')
    .description('Shows how all certificates are, the worst first.')
    .argument('[ID...]', 'only these certificates')
    .option('--failing', 'only what needs somebody', false)
    .option('--owner <owner>', 'only the certificates of this owner')
    .addOption(new Option('--sort <order>', 'the order').choices(sortOrders).default('state'))
    .option('--json', 'print the object as check has written it, with these certificates', false)
    .option('--watch', 'look again every five seconds until Ctrl-C', false)
    .action(async (ids: readonly string[], given: Given) => {
      const { status } = await import('./command.ts');
      const { owner = null } = given;
      end(await status({ ...given, ids, owner }, terminal));
    });
};
