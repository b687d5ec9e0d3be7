import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { partitionOf } from '#shared/config/region.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Identity } from './clients.ts';

/** Who we are in a role, and until when. */
export type RoleSession = Identity & { readonly expiration: Date };

/** @throws CertkeepError PlaceNotReachable */
export type AssumeRole = (roleArn: string) => Promise<RoleSession>;

export type PlaceCredentialsPorts = {
  readonly home: Config['home'];
  /** Of the role in each other account; empty where none is to be assumed. */
  readonly roleName: string;
  readonly assumeRole: AssumeRole;
  readonly clock: Clock;
};

export type PlaceCredentials = (account: string) => (() => Promise<RoleSession>) | undefined;

/** A session is replaced this long before its end: every call that begins with it ends in time. */
const spareMs = 5 * minuteMs;

/**
 * Credentials for the clients of an account: none for the home account, where we are who we are, and for
 * any other one those of our role there. All clients of an account share one session.
 */
export function placeCredentials(ports: PlaceCredentialsPorts): PlaceCredentials {
  const { home, assumeRole, clock } = ports;
  const open = new Map<string, RoleSession>();
  const opening = new Map<string, Promise<RoleSession>>();

  function sessionIn(account: string): Promise<RoleSession> {
    const session = open.get(account);
    const isGood = session && addMs(clock.now(), spareMs) < session.expiration;
    return isGood ? Promise.resolve(session) : (opening.get(account) ?? begin(account));
  }

  /** Asked once for all who wait; a refusal is not remembered. */
  function begin(account: string): Promise<RoleSession> {
    const beginning = assume(account).finally(() => opening.delete(account));
    opening.set(account, beginning);
    return beginning;
  }

  async function assume(account: string): Promise<RoleSession> {
    const session = await assumeRole(roleArn(ports, account));
    open.set(account, session);
    return session;
  }

  return (account) => {
    if (account === home.account) return undefined;
    // The SDK would remember an answer by the time of the machine instead of ours.
    return Object.assign(() => sessionIn(account), { memoized: true });
  };
}

function roleArn({ home, roleName }: PlaceCredentialsPorts, account: string): string {
  if (roleName !== '') return `arn:${partitionOf(home.region)}:iam::${account}:role/${roleName}`;
  throw new CertkeepError('PlaceNotReachable', `no role is given to reach account ${account} with`);
}
