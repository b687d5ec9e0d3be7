import { type Declare, reaching } from '../../declare.ts';
import type { ChangeOptions } from './command.ts';

type Given = Omit<ChangeOptions, 'issuer' | 'kind'>;

const kinds = {
  roll: {
    summary: 'replace the key of an account',
    description:
      'Has the CA replace the key of an account (RFC 8555 §7.3.5). The account stays the same, and so do certificates and CAA records.',
  },
  deactivate: {
    summary: 'end an account that no certificate uses',
    description:
      'Has the CA end an account for good (RFC 8555 §7.3.6). It is refused while a certificate of the configuration uses the issuer.',
  },
} as const;

/** Adds what changes an account below the command that shows it. */
export const declareAccountChanges: Declare = (account, terminal, end) => {
  for (const kind of ['roll', 'deactivate'] as const) {
    const command = reaching(account.command(kind))
      .summary(kinds[kind].summary)
      .description(kinds[kind].description)
      .argument('<ISSUER>', 'the name of the issuer in the configuration')
      .option('--reason <text>', 'why; asked for on a terminal')
      .option('--again <id>', 'the request whose answer was lost: it is done once');
    if (kind === 'deactivate') command.option('--yes', 'ask nothing', false);
    command.action(async (issuer: string, given: Given) => {
      const [{ changeAccount }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(await changeAccount({ ...given, issuer, kind }, { terminal, person: personHere() }));
    });
  }
  account.addHelpText(
    'after',
    '\n  npx certkeep account roll ISSUER --reason TEXT\n  npx certkeep account deactivate ISSUER --reason TEXT [--yes]',
  );
};
