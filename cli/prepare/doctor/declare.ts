import type { Declare } from '../../declare.ts';
import type { DoctorOptions } from './command.ts';

export const declareDoctor: Declare = (program, terminal, end) => {
  program
    .command('doctor')
    .summary('what keeps the file from being deployed and working')
    .description(
      'Asks AWS, DNS and the CAs whether everything that the file needs is there. It changes nothing, and sees what your own credentials may see. Below what is wrong stands the command that mends it.',
    )
    .option('--config <file>', 'the configuration (certkeep.yaml)')
    .option('--all', 'print every line that is ok, also in a large fleet', false)
    .option('--json', 'print it for another program', false)
    .option('--resolver <address>', 'ask this DNS server, address:port, instead of the system’s')
    .option('--local', 'look at the local cloud that `npm start -- --keep` keeps running')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./command.ts');
      end(await doctor(options, terminal));
    });
};
