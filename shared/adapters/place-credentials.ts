import { asCredentials, keptSessions, type RoleSession } from '#shared/aws/kept-sessions.ts';
import type { AssumeRole } from '#shared/aws/sts-assume-role.ts';
import type { Config } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { partitionOf } from '#shared/region.ts';
import type { Clock } from '#shared/time/clock.ts';

export type PlaceCredentialsPorts = {
  readonly home: Config['home'];
  /** The name of the role in each other account; empty where there is none. */
  readonly roleName: string;
  /** The external id that those roles require, if the configuration has one. */
  readonly externalId?: string | undefined;
  /** @throws CertkeepError PlaceNotReachable */
  readonly assumeRole: AssumeRole;
  readonly clock: Clock;
};

export type PlaceCredentials = (account: string) => (() => Promise<RoleSession>) | undefined;

/**
 * Returns credentials for an account's clients: none for the home account, where the function's own role acts, and our role
 * there for any other account. All clients of an account share one session.
 */
export function placeCredentials(ports: PlaceCredentialsPorts): PlaceCredentials {
  const { home, assumeRole, clock, externalId } = ports;
  const sessionFor = keptSessions(clock);
  return (account) => {
    if (account === home.account) return undefined;
    return asCredentials(() =>
      sessionFor(account, async () => assumeRole(roleArn(ports, account), externalId)),
    );
  };
}

function roleArn({ home, roleName }: PlaceCredentialsPorts, account: string): string {
  if (roleName !== '') return `arn:${partitionOf(home.region)}:iam::${account}:role/${roleName}`;
  throw new CertkeepError('PlaceNotReachable', `no role is given to reach account ${account} with`);
}
