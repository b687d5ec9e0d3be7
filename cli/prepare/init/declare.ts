import type { Declare } from '../../declare.ts';
import { usualFile } from '../usual-file.ts';

type Given = {
  readonly region?: readonly string[];
  readonly home?: string;
  readonly out: string;
  readonly all: boolean;
  readonly pick?: readonly string[];
  readonly email?: readonly string[];
  readonly agreeToTerms: boolean;
  readonly local: boolean;
};

export const declareInit: Declare = (program, terminal, end) => {
  program
    .command('init')
    .summary('a file for the certificates that are in use')
    .description(
      'Looks at the load balancers, certificates and hosted zones of your account, and writes a configuration file that takes over what you pick. It changes nothing in the account. Exit codes: 0 written, 1 written and somebody has to agree to the terms of the CA, 2 not written.',
    )
    .option('--region <region...>', 'the regions to look at (as in AWS_REGION or the profile)')
    .option('--home <region>', 'the region in which certkeep is to run (the first of them)')
    .option('--out <file>', 'the file to write; one that is there is left as it is', usualFile)
    .option('--all', 'take all that certkeep can take, without a question', false)
    .option('--pick <arn...>', 'take these certificates, by the ARNs of what is in use now')
    .option('--email <address...>', 'who hears of trouble')
    .option(
      '--agree-to-terms',
      'you have read the terms of Let’s Encrypt (https://letsencrypt.org/repository/), and agree',
      false,
    )
    .option('--local', 'look at the local cloud that `npm start -- --keep` keeps running', false)
    .action(async (given: Given) => {
      const { init } = await import('./command.ts');
      const { email = [], pick = [], region = [] } = given;
      end(await init({ ...given, email, pick, region }, terminal));
    });
};
