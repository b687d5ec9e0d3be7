import { randomUUID } from 'node:crypto';
import type { AccountRequest } from '#shared/acquire/account/change-account.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { CommandFailed } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { wrapped } from '../../text/width.ts';
import type { Person } from '../person.ts';
import { assertGoesOn, reasonFrom } from '../questions.ts';
import { callerArn } from '../wish/caller.ts';
import { quoted, reachWords } from '../wish/own-command.ts';
import { askIssue } from './ask-issue.ts';

export type ChangeOptions = ReachOptions &
  Pick<AccountRequest, 'issuer' | 'kind'> & {
    readonly reason?: string;
    /** The id of a request whose answer was lost. */
    readonly again?: string;
    readonly yes?: boolean;
  };

/**
 * Has the key of an account replaced, or the account ended. Returns the exit code.
 * @throws CommandFailed
 */
export async function changeAccount(
  options: ChangeOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<0> {
  const { again: known, issuer, kind } = options;
  const command = (reason: string, ...more: readonly string[]) =>
    [
      ...['npx certkeep account', kind, quoted(issuer), '--reason', quoted(reason)],
      ...reachWords(options),
      ...more,
    ].join(' ');
  const reason = await reasonFrom(options.reason, person, command);
  if (kind === 'deactivate' && !options.yes) await confirmed(person, command(reason, '--yes'));
  const { location } = await reach(options);
  const id = known ?? randomUUID();
  const by = await callerArn(location);
  const again = command(reason, '--again', id, ...(kind === 'deactivate' ? ['--yes'] : []));
  const { key, outcome } = await askIssue(location, { kind, issuer, id, reason, by }, again);
  const name = oneLine(issuer, longestName);
  const before = outcome === 'done-before' ? 'An earlier request has done it. ' : '';
  const said =
    kind === 'roll'
      ? `The CA knows the account of ${name} by another key now (thumbprint ${oneLine(key ?? 'unknown', longestName)}). The account, certificates and CAA records stay as they are.`
      : `The account of ${name} has ended. The next order with this issuer makes another account, with another key; CAA records that name the account do not allow it.`;
  for (const line of wrapped(before + said, terminal.width())) terminal.print(line);
  return 0;
}

const longestName = 100;

async function confirmed(person: Person, again: string): Promise<void> {
  if (!person.isThere) throw new CommandFailed('Nothing was done: an account ends for good', again);
  await assertGoesOn(person, again);
}
