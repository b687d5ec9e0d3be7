import type { Clock } from '#shared/time/clock.ts';
import { asCredentials, keptSessions, type RoleSession } from './kept-sessions.ts';
import type { AssumeRole } from './sts-assume-role.ts';

export type Role = { readonly roleArn: string; readonly externalId?: string };

/** Credentials for SDK clients that act in a role; all clients of a role share one session. */
export function roleCredentials(ports: {
  readonly assumeRole: AssumeRole;
  readonly clock: Clock;
}): (role: Role) => () => Promise<RoleSession> {
  const sessionFor = keptSessions(ports.clock);
  return ({ roleArn, externalId }) =>
    asCredentials(() =>
      sessionFor(JSON.stringify([roleArn, externalId ?? null]), () =>
        ports.assumeRole(roleArn, externalId),
      ),
    );
}
