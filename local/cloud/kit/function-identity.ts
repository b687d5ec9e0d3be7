import { homeAccount, type Identity } from '../wire/accounts.ts';

/** A function's own key where no role was deployed: it may do everything. */
export function functionIdentity(caller: string, account = homeAccount): Identity {
  return {
    account,
    caller,
    arn: `arn:aws:sts::${account}:assumed-role/certkeep-${caller}/${caller}`,
    userId: `AROA${caller.toUpperCase()}:${caller}`,
    role: null,
  };
}
