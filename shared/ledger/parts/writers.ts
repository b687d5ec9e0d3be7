import { type EventType, eventTypes, type LedgerEvent } from '../record/record.ts';
import { isId, validId } from '../record/record-object.ts';

/** The functions that write about a certificate. Each writes its own object, which no other may write. */
export const writers = ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'] as const;

export type Writer = (typeof writers)[number];

/** Other writers' objects that each function reads. Check sends the events that alert could not deliver. */
export const readBy: Readonly<Record<Writer, readonly Writer[]>> = {
  check: writers,
  issue: ['check', 'issue', 'deploy', 'verify', 'sync'],
  deploy: ['check', 'issue', 'deploy', 'verify'],
  verify: ['check', 'issue', 'deploy', 'verify'],
  sync: ['check', 'issue', 'deploy', 'verify', 'sync'],
  alert: writers,
};

/** `records/<writer>/`. IAM grants each function the right to write below its own prefix. */
export function partPrefix(writer: Writer): string {
  return `records/${writer}/`;
}

/** @throws CertkeepError CertificateUnknown */
export function partKey(writer: Writer, id: string): string {
  return `${partPrefix(writer)}${validId(id)}.json`;
}

/** Returns the id of the certificate of which the object with this key is a part; null for any other object. */
export function idIn(writer: Writer, key: string): string | null {
  const prefix = partPrefix(writer);
  if (!key.startsWith(prefix) || !key.endsWith('.json')) return null;
  const id = key.slice(prefix.length, -'.json'.length);
  return isId(id) ? id : null;
}

/** The functions that may send each type of event. Nobody can send another's: alert checks this. */
const tellersOf: Readonly<Record<EventType, readonly Writer[]>> = {
  issued: ['issue'],
  revoked: ['issue'],
  failed: ['check', 'issue', 'deploy'],
  'rolled-back': ['deploy'],
  'listener-changed': ['deploy'],
  served: ['verify'],
  unproven: ['verify'],
  expiring: ['check'],
  'still-used': ['check'],
  // These belong to no certificate.
  'region-behind': [],
  'region-in-sync': [],
  checked: [],
};

/** Events of a type that only a newer release knows may come from any function that sends events. */
export const tellers: readonly Writer[] = ['check', 'issue', 'deploy', 'verify'];

export function mayTell(writer: string, { type }: Pick<LedgerEvent, 'type'>): boolean {
  const known = eventTypes.find((each) => each === type);
  return (known ? tellersOf[known] : tellers).some((each) => each === writer);
}

/** Returns the owner of a lease named `acquire` or `deploy:<place>`. */
export function leaseOwner(name: string): Writer {
  return name.startsWith('deploy:') ? 'deploy' : 'issue';
}
