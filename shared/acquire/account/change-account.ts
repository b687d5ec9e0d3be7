import type { Config } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { accountKeyName, accountsOf } from '#shared/issuers/account-name.ts';
import type { IssuerAccount } from '#shared/issuers/issuer.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type AccountWish, type AccountWishes, withDone, withWish } from './account-book.ts';

export type AccountRequest = Pick<AccountWish, 'kind' | 'reason' | 'by'> & {
  readonly issuer: string;
  /** The same request again has the same id: it is done once. */
  readonly id: string;
};

export type AccountPorts = {
  readonly config: Pick<Config, 'certificates' | 'issuers'>;
  readonly bookOf: (account: string) => SharedObject<AccountWishes>;
  readonly accountOf: (issuer: string) => IssuerAccount;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

export type AccountOutcome = {
  readonly outcome: 'done' | 'done-before';
  /** The thumbprint of the key that the CA knows now (RFC 7638); null where there is no account. */
  readonly key: string | null;
};

/**
 * Replaces the key of an account, or ends the account, once for each wish. The wish is in the book before the CA is asked,
 * with the key that it is about: a run that finds another key at the CA finds it done.
 * @throws CertkeepError AccountInUse, AccountNotChanged; what the CA and the key store throw
 */
export async function changeAccount(
  ports: AccountPorts,
  request: AccountRequest,
): Promise<AccountOutcome> {
  const { by, id, issuer, kind, reason } = request;
  const { accountOf, bookOf, clock, config, log } = ports;
  refuse(config, request);
  const account = accountOf(issuer);
  const book = bookOf(accountIdOf(config, issuer));
  const known = (await book.read()).find((each) => each.id === id);
  if (known && known.kind !== kind) {
    throw new CertkeepError(
      'AccountNotChanged',
      `request ${id} was to ${known.kind}, not to ${kind}`,
    );
  }
  const key = await account.keyInUse();
  if (known?.doneAt) return { outcome: 'done-before', key };
  if (kind === 'roll' && key === null) {
    throw new CertkeepError('AccountNotChanged', `${issuer} has no account at the CA`);
  }
  const at = clock.now().toISOString();
  const wish = { id, kind, at, reason, by, from: key, doneAt: null };
  const wishes = await book.update((before) => withWish(before, wish));
  const from = wishes.find((each) => each.id === id)?.from ?? null;
  if (kind === 'deactivate' && key !== null && key !== from) {
    const message = `the key of the account of ${issuer} was replaced after request ${id}: ask anew`;
    throw new CertkeepError('AccountNotChanged', message);
  }
  const after = await carriedOut(account, kind, from);
  await book.update((before) => withDone(before, id, clock.now()));
  log.info(kind === 'roll' ? 'key of the account replaced' : 'account deactivated', {
    stage: 'issue',
    issuer,
    reason,
  });
  return { outcome: 'done', key: after };
}

async function carriedOut(
  account: IssuerAccount,
  kind: AccountRequest['kind'],
  from: string | null,
): Promise<string | null> {
  if (kind === 'roll') return account.replaceKey(from ?? '');
  await account.deactivate();
  return null;
}

function refuse(config: AccountPorts['config'], { issuer, kind }: AccountRequest): void {
  if (!config.issuers[issuer]) {
    const known = Object.keys(config.issuers).join(', ');
    const message = `the configuration has no issuer "${issuer}" (it has ${known})`;
    throw new CertkeepError('AccountNotChanged', message);
  }
  if (kind === 'deactivate') refuseUsed(config, issuer);
}

function refuseUsed(config: AccountPorts['config'], issuer: string): void {
  const id = accountIdOf(config, issuer);
  const users = config.certificates.filter((each) => accountsOf(each, config).includes(id));
  if (users.length === 0) return;
  const named = users.slice(0, mostNamed).map((each) => each.id);
  const more = users.length - named.length;
  const list = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  throw new CertkeepError('AccountInUse', `the account of ${issuer} issues for ${list}`);
}

const mostNamed = 10;

function accountIdOf({ issuers }: AccountPorts['config'], issuer: string): string {
  const configured = issuers[issuer];
  return configured ? accountKeyName(configured) : '';
}
