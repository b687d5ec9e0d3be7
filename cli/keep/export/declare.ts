import { Option } from 'commander';
import { type Declare, reaching } from '../../declare.ts';
import type { ExportOptions } from './command.ts';

type Given = Omit<ExportOptions, 'id'>;

export const declareExport: Declare = (program, terminal, end) => {
  reaching(program.command('export'))
    .summary('write a certificate and its key into files')
    .description(
      'Writes the certificate in service and its key into the files of a directory, where they differ from what is there.',
    )
    .argument('<ID>', 'the certificate')
    .requiredOption('--out <directory>', 'where to; it is created for this user alone')
    .addOption(
      new Option('--format <format>', 'four PEM files, or one PKCS #12 file')
        .choices(['pem', 'pfx'])
        .default('pem'),
    )
    .option('--for <name...>', 'write nothing unless it is valid for these names', [])
    .option('--password-file <file>', 'the password of the PKCS #12 file is its first line')
    .option(
      '--reload <command>',
      'run this in a shell after a change; its exit code is that of export',
    )
    .action(async (id: string, given: Given) => {
      const { exportPair } = await import('./command.ts');
      end(await exportPair({ ...given, id }, terminal));
    });
};
