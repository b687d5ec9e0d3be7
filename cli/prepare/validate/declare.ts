import type { Declare } from '../../declare.ts';

export const declareValidate: Declare = (program, terminal, end) => {
  program
    .command('validate')
    .summary('what is wrong with a configuration file')
    .description(
      'Checks a configuration file as `cdk synth` does, and asks AWS nothing. Exit codes: 0 valid, 1 valid with warnings, 2 not valid.',
    )
    .argument('[FILE]', 'the file (certkeep.yaml)')
    .option('--json', 'print what is found as one JSON object', false)
    .action(async (file: string | undefined, { json }: { readonly json: boolean }) => {
      const { validate } = await import('./command.ts');
      end(validate({ file, json }, terminal));
    });
};
