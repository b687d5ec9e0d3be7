import { AwsError } from './service.ts';

/** Whose an access key is. */
export type Identity = {
  readonly account: string;
  /** The function that calls with this key (`issue`); null for a person or a test. */
  readonly caller: string | null;
  /** As GetCallerIdentity tells it. */
  readonly arn: string;
  readonly userId: string;
  /** When a session of a role ends; a key that is nobody's session has no end. */
  readonly isOver?: () => boolean;
};

export type Accounts = {
  /** Gives a key to a function or an account; STS does so for the roles it hands out. */
  register(accessKeyId: string, identity: Identity): void;
  identityOf(accessKeyId: string): Identity;
  /** @throws AwsError ExpiredTokenException */
  callerOf(accessKeyId: string): string | null;
  accountOf(accessKeyId: string): string;
};

export const homeAccount = '000000000000';

/** Every key works, as in other local clouds: one that nobody registered belongs to the home account. */
export function accounts(): Accounts {
  const known = new Map<string, Identity>();
  const identityOf = (accessKeyId: string): Identity =>
    known.get(accessKeyId) ?? {
      account: homeAccount,
      caller: null,
      arn: `arn:aws:iam::${homeAccount}:user/${accessKeyId}`,
      userId: accessKeyId,
    };
  return {
    register: (accessKeyId, identity) => void known.set(accessKeyId, identity),
    identityOf,
    callerOf(accessKeyId) {
      const { caller, isOver } = identityOf(accessKeyId);
      if (!isOver?.()) return caller;
      const message = 'The security token included in the request is expired';
      throw new AwsError('ExpiredTokenException', message);
    },
    accountOf: (accessKeyId) => identityOf(accessKeyId).account,
  };
}

/** What a function's own key stands for: the session of its execution role, named after the function. */
export function functionIdentity(caller: string, account = homeAccount): Identity {
  return {
    account,
    caller,
    arn: `arn:aws:sts::${account}:assumed-role/certkeep-${caller}/${caller}`,
    userId: `AROA${caller.toUpperCase()}:${caller}`,
  };
}
