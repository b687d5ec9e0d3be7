import { AwsError } from './service.ts';

/** The owner of an access key. */
export type Identity = {
  readonly account: string;
  /** The function that calls with this key (`issue`); null for a person or a test. */
  readonly caller: string | null;
  /** The ARN that GetCallerIdentity returns. */
  readonly arn: string;
  readonly userId: string;
  /**
   * The ARN of a session's role, whose policies say what the key may do. Null for everybody else: the operator of the
   * cloud, and unregistered keys. They are people with AdministratorAccess, and only the policy of a bucket, queue or topic
   * can deny them anything.
   */
  readonly role: string | null;
  /** Sets the scene, as nobody on AWS could: no policy applies. */
  readonly isAbovePolicies?: true;
  /** Says whether the session of a role has ended; a key without a session has no end. */
  readonly isOver?: () => boolean;
};

export type Accounts = {
  /** Registers a key for a function or an account; STS does so for the sessions that it issues. */
  register(accessKeyId: string, identity: Identity): void;
  identityOf(accessKeyId: string): Identity;
  /** @throws AwsError ExpiredTokenException */
  callerOf(accessKeyId: string): string | null;
  accountOf(accessKeyId: string): string;
};

export const homeAccount = '000000000000';

/** Every key works, as in other local clouds: an unregistered one belongs to the home account. */
export function accounts(): Accounts {
  const known = new Map<string, Identity>();
  const identityOf = (accessKeyId: string): Identity =>
    known.get(accessKeyId) ?? {
      account: homeAccount,
      caller: null,
      arn: `arn:aws:iam::${homeAccount}:user/${accessKeyId}`,
      userId: accessKeyId,
      role: null,
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

const rolePattern = /^arn:(aws[\w-]*):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/;

/** A session of a role, as its function or AssumeRole begins it; null where the ARN is not a role's. */
export function roleSession(options: {
  readonly role: string;
  readonly sessionName: string;
  readonly caller: string | null;
}): Identity | null {
  const { role, sessionName, caller } = options;
  const [, partition, account, name] = rolePattern.exec(role) ?? [];
  if (!partition || !account || !name) return null;
  return {
    account,
    caller,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `AROA${name.replace(/\W/g, '').toUpperCase()}:${sessionName}`,
    role,
  };
}
