import { Option } from 'commander';
import { revocationCodeNames } from '#shared/revocation-codes.ts';
import { type Declare, reaching } from '../../declare.ts';
import type { RevokeOptions } from './command.ts';

type Given = Omit<RevokeOptions, 'id'>;

export const declareRevoke: Declare = (program, terminal, end) => {
  reaching(program.command('revoke'))
    .summary('have the CA revoke a certificate, once another one is served')
    .description(
      'Has the CA revoke the certificate in service: a new one with a new key is issued and served first. Nobody can undo it.',
    )
    .argument('<ID>', 'the certificate')
    .addOption(
      new Option('--code <code>', 'what the CA is told; asked for on a terminal').choices(
        revocationCodeNames,
      ),
    )
    .option('--version <version>', 'another one: its serial, or its id (npx certkeep show ID)')
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--yes', 'do not ask whether to go on', false)
    .option('--no-wait', 'do not follow the stages')
    .action(async (id: string, given: Given) => {
      const [{ revoke }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await revoke({ ...given, id }, { terminal, person: personHere() }));
    });
};
