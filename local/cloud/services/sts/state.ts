import type { Clock } from '../../clock.ts';
import type { Accounts, Identity } from '../../wire/accounts.ts';

export type RoleRequest = {
  readonly roleArn: string;
  readonly externalId: string | null;
  readonly by: Identity;
};

export type StsState = {
  readonly clock: Clock;
  /** Registers the keys that STS issues, so that the front knows account and caller of later calls. */
  readonly accounts: Accounts;
  /** Says whether the role exists and trusts the caller; by default every role does. */
  readonly mayAssume?: (request: RoleRequest) => boolean | Promise<boolean>;
};
