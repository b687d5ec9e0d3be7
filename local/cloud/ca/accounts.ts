import type { JsonWebKey } from 'node:crypto';
import type { Account, Book } from './book.ts';
import type { Bindings } from './external-accounts.ts';
import { accountKey } from './jws.ts';
import type { Payload, Reply } from './messages.ts';
import { refuse } from './problem.ts';
import { accountObject } from './representations.ts';

/** RFC 8555 §7.3 and §7.3.1: the key identifies the account. */
export async function newAccount(
  book: Book,
  jwk: JsonWebKey,
  payload: Payload,
  at: {
    readonly now: Date;
    readonly url: string;
    readonly requestUrl: string;
    readonly bindings: Bindings | null;
  },
): Promise<Reply> {
  const accountsKey = await accountKey(jwk);
  const { key, thumbprint } = accountsKey;
  // A used binding is refused to its own account too.
  if (at.bindings && payload.onlyReturnExisting !== true) {
    await at.bindings.check(payload.externalAccountBinding, {
      url: at.requestUrl,
      key: accountsKey,
    });
  }
  const known = [...book.accounts.values()].find((each) => each.thumbprint === thumbprint);
  if (known) {
    refuseDeactivated(known);
    return { status: 200, headers: { location: known.url }, body: accountObject(known) };
  }
  if (payload.onlyReturnExisting === true) {
    refuse('accountDoesNotExist', 'No account exists with the provided key');
  }
  if (payload.termsOfServiceAgreed !== true) {
    refuse('malformed', 'must agree to terms of service');
  }
  const account: Account = {
    url: at.url,
    key,
    thumbprint,
    createdAt: at.now,
    contact: readContact(payload.contact ?? []),
    status: 'valid',
  };
  book.accounts.set(account.url, account);
  return { status: 201, headers: { location: account.url }, body: accountObject(account) };
}

export function updateAccount(account: Account, payload: Payload | null): Reply {
  if (payload?.contact !== undefined) account.contact = readContact(payload.contact);
  if (payload?.status === 'deactivated') account.status = 'deactivated';
  else if (payload?.status !== undefined && payload.status !== account.status) {
    refuse('malformed', 'Invalid value provided for status field');
  }
  return { status: 200, body: accountObject(account) };
}

/** RFC 8555 §7.3.6 requires 401 here. */
export function refuseDeactivated(account: Account): void {
  if (account.status === 'valid') return;
  refuse('unauthorized', 'Account is not valid, has status "deactivated"', { status: 401 });
}

function readContact(contact: unknown): string[] {
  if (!Array.isArray(contact)) return refuse('malformed', '"contact" is not a list');
  for (const url of contact) {
    if (typeof url !== 'string' || !url.startsWith('mailto:')) {
      refuse('unsupportedContact', 'contact method is not supported: only mailto is');
    }
    if (!/^mailto:[^\s@,?]+@[^\s@,?]+\.[^\s@,?]+$/.test(url)) {
      refuse('invalidContact', 'contact email has an invalid form');
    }
  }
  return contact;
}
