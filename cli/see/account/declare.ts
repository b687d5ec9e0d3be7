import { declareAccountChanges } from '../../act/account/declare.ts';
import { type Declare, reaching } from '../../declare.ts';
import type { ReachOptions } from '../../reach/options.ts';

export const declareAccount: Declare = (program, terminal, end) => {
  const command = reaching(program.command('account'))
    .summary('the accounts at the CAs, and the CAA records for them')
    .description(
      'Shows the accounts that certkeep has at the CAs, where their keys are, and the CAA records with which no other account may issue.',
    )
    // Otherwise this command would take the options of those below it.
    .enablePositionalOptions()
    .argument('[ISSUER...]', 'only the accounts of these issuers')
    .option('--json', 'print them as one JSON object', false)
    .action(
      async (issuers: readonly string[], given: ReachOptions & { readonly json: boolean }) => {
        const { account } = await import('./command.ts');
        end(await account({ ...given, issuers }, terminal));
      },
    );
  declareAccountChanges(command, terminal, end);
};
