import { type Message, messageSeverities } from '#shared/channels/message.ts';
import type { Severity } from '#shared/status/condition.ts';
import { certificateKey, idsOf, isOfMany, type Thread } from './threads.ts';
import type { Audience, Told, ToldThread } from './told.ts';

/**
 * Whom a thread concerns: those that it concerns now, and all that have heard of it since it began. Addresses hear only of some
 * owners and severities, and whoever has heard of trouble hears of its end.
 */
export function audienceOf(
  key: string,
  thread: Thread | null,
  { sending, threads }: Told,
): Audience {
  // What each certificate was told of alone goes on in the thread of many.
  const joined = thread && isOfMany(thread) ? idsOf(thread).map(certificateKey) : [];
  const before = [key, ...joined].flatMap((each) => [
    ...(threads[each] ? [withLast(threads[each])] : []),
    ...(sending[each] ? [sending[each]] : []),
  ]);
  const present = thread && { owners: [...ownersOf(thread)], severities: [thread.severity] };
  return joinedAudience([...before, ...(present ? [present] : [])]);
}

/** A release before has written only the last severity. */
function withLast({ owners, severities, severity }: ToldThread): Audience {
  return { owners, severities: [...severities, severity] };
}

/** Says whether the thread concerns an owner who has not heard of it. */
export function isNewToAnOwner(thread: Thread, before: Audience): boolean {
  return ownersOf(thread).some((owner) => !before.owners.includes(owner));
}

function ownersOf({ members }: Thread): readonly string[] {
  return [...new Set(members.flatMap(({ owner }) => owner ?? []))];
}

/** Everybody whom one of them concerns. */
export function joinedAudience(all: readonly Audience[]): Audience {
  return {
    owners: [...new Set(all.flatMap(({ owners }) => owners))].sort(),
    severities: [
      ...new Set(all.flatMap(({ severities }): readonly Severity[] => severities)),
    ].sort(),
  };
}

/** The attributes by which subscriptions choose their messages. */
export function routeTo({
  owners,
  severities,
}: Audience): Pick<Message['attributes'], 'owner' | 'severity'> {
  const heard = messageSeverities.filter((each) =>
    (severities as readonly string[]).includes(each),
  );
  return {
    // What a release before had begun to tell may have been anything.
    severity: heard.length > 0 ? heard : ['critical', 'warning'],
    ...(owners.length > 0 && { owner: owners }),
  };
}
