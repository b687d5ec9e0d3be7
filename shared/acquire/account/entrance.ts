import { errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import type { AccountWish } from './account-book.ts';
import { type AccountOutcome, type AccountPorts, changeAccount } from './change-account.ts';

/** The requests about accounts, each an alias of issue's function: to IAM these are two resources. */
export const accountWishes = [
  'roll',
  'deactivate',
] as const satisfies readonly AccountWish['kind'][];

/** The answer to what was not done: nothing has changed. */
export type AccountRefusal = { readonly refused: string };

/** Reads `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, followed by the alias if one was called. */
export function accountWishOf({
  invokedArn = '',
}: Pick<Invocation, 'invokedArn'>): AccountWish['kind'] | null {
  const alias = invokedArn.split(':')[7];
  return accountWishes.find((each) => each === alias) ?? null;
}

type Payload = {
  readonly issuer: string;
  readonly id: string;
  readonly reason: string;
  readonly by?: string | undefined;
};

/** Only the aliases change an account, and they do nothing else. @throws what is no refusal */
export async function answeredAccount(
  ports: AccountPorts,
  payload: Payload | object,
  kind: AccountWish['kind'] | null,
): Promise<AccountOutcome | AccountRefusal> {
  if (kind === null || !('issuer' in payload)) {
    const names = accountWishes.join(' and ');
    return { refused: `Nothing was done: the aliases ${names} take an account, and nothing else.` };
  }
  const { by = null, id, issuer, reason } = payload;
  try {
    return await changeAccount(ports, { kind, by, id, issuer, reason });
  } catch (error) {
    const isRefusal = ['AccountInUse', 'AccountNotChanged'] as const;
    if (!isRefusal.some((name) => isCertkeepError(error, name))) throw error;
    const refused = `Nothing was done: ${errorMessage(error)}.`;
    ports.log.warn('a request was refused', {
      stage: 'issue',
      outcome: 'refused',
      reason: refused,
    });
    return { refused };
  }
}
