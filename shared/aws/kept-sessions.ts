import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import type { Identity } from './clients.ts';

/** Who we are in a role, and until when. */
export type RoleSession = Identity & { readonly expiration: Date };

/** A session is replaced this long before its end: every call that begins with it ends in time. */
const spareMs = 5 * minuteMs;

/** One session for each key, shared by all who ask for it, and begun anew when it comes near its end. */
export function keptSessions(
  clock: Clock,
): (key: string, begin: () => Promise<RoleSession>) => Promise<RoleSession> {
  const open = new Map<string, RoleSession>();
  const opening = new Map<string, Promise<RoleSession>>();

  /** Asked once for all who wait; a refusal is not remembered. */
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

/** For SDK clients, which would remember an answer by the time of the machine instead of ours. */
export function asCredentials(
  session: () => Promise<RoleSession>,
): (() => Promise<RoleSession>) & { readonly memoized: true } {
  return Object.assign(session, { memoized: true as const });
}
