import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import type { Identity } from './clients.ts';

/** The credentials of a role and their end. */
export type RoleSession = Identity & { readonly expiration: Date };

/** A session is replaced this long before its end, so that every call that begins with it ends in time. */
const spareMs = 5 * minuteMs;

/** Keeps one session per key, shared by all callers, and opens a new one when it nears its end. */
export function keptSessions(
  clock: Clock,
): (key: string, begin: () => Promise<RoleSession>) => Promise<RoleSession> {
  const open = new Map<string, RoleSession>();
  const opening = new Map<string, Promise<RoleSession>>();

  /** Opens the session once for all who wait. It does not remember a refusal. */
  function opened(key: string, begin: () => Promise<RoleSession>): Promise<RoleSession> {
    const beginning = begin()
      .then((session) => {
        open.set(key, session);
        return session;
      })
      .finally(() => opening.delete(key));
    opening.set(key, beginning);
    return beginning;
  }

  return (key, begin) => {
    const session = open.get(key);
    const isGood = session && addMs(clock.now(), spareMs) < session.expiration;
    return isGood ? Promise.resolve(session) : (opening.get(key) ?? opened(key, begin));
  };
}

/** Wraps a session for SDK clients, which would otherwise cache it by the machine's time instead of our clock. */
export function asCredentials(
  session: () => Promise<RoleSession>,
): (() => Promise<RoleSession>) & { readonly memoized: true } {
  return Object.assign(session, { memoized: true as const });
}
