import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { mostBytes, type ObjectStore, textOf } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Reading } from './ledger.ts';
import { joined, partsFollowing } from './parts/join.ts';
import { emptyParts, type PartOf, type Parts } from './parts/part.ts';
import { readPart } from './parts/part-object.ts';
import { timelyPart } from './parts/part-times.ts';
import { partsOf } from './parts/whole.ts';
import { partKey, readBy, type Writer, writers } from './parts/writers.ts';
import { believable } from './record/believable.ts';
import type { CertificateRecord } from './record/record.ts';
import { readRecord, recordKey, validId } from './record/record-object.ts';

export type ReadPorts = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Receives the parts of a record that are impossible, or that nobody can be told. */
  readonly log?: Log;
  /** The function that reads; it decides which objects are read. */
  readonly writer: Writer;
  /** Nothing that cannot be read counts as absent. */
  readonly isStrict?: boolean;
};

/** The stored state of a certificate in S3. */
export type Stored = {
  readonly parts: PartOf;
  /** The ETag of the reader's own object; null where there is none. */
  readonly etag: string | null;
  /** False where nobody has written anything. */
  readonly exists: boolean;
  /** The time before the objects were read. */
  readonly readAt: Date;
};

/** Reads all objects that the reader needs. */
export async function storedParts(
  ports: ReadPorts,
  id: string,
  { most = mostBytes.record, listing }: Reading = {},
): Promise<Stored> {
  const { clock, objects, writer } = ports;
  const readAt = clock.now();
  // An invalid id is refused even where no object is requested.
  validId(id);
  const isThere = (each: Writer) => !listing || listing.get(id)?.has(each) === true;
  const read = await Promise.all(
    readBy[writer].filter(isThere).map(async (each) => {
      try {
        const stored = await objects.get(partKey(each, id), most);
        const part = stored && readPart(each, id, textOf(stored.body), saysLeft(ports, id));
        return { each, part: part && timely(ports, each, part), etag: stored?.etag ?? null };
      } catch (error) {
        if (!canDoWithout(each, ports) || !isCertkeepError(error, 'LedgerUnreadable')) throw error;
        logUnreadable(ports, id, error);
        // Not filled from a whole record, which says how it was long ago.
        return { each, part: emptyParts(id)[each], etag: null };
      }
    }),
  );
  const own = Object.fromEntries(read.map(({ each, part }) => [each, part]));
  const parts = { ...nothing, ...own } as Parts;
  const asksForWhole = mayHaveWhole(parts, writer) && (!listing || listing.has(id));
  const whole = asksForWhole ? await objects.get(recordKey(id), most) : null;
  const all = whole ? filledFrom(parts, id, whole.body) : parts;
  return {
    parts: partsFollowing(id, all),
    etag: read.find(({ each }) => each === writer)?.etag ?? null,
    exists: whole !== null || read.some(({ part }) => part !== null),
    readAt,
  };
}

const nothing = Object.fromEntries(writers.map((writer) => [writer, null])) as Parts;

/** Impossible times are logged by the object's writer, and by check for writers that do not run any more. */
function timely<W extends Writer>(ports: ReadPorts, writer: W, part: PartOf[W]): PartOf[W] {
  const { value, cuts } = timelyPart(writer, part, ports.clock.now());
  if (ports.writer === writer || ports.writer === 'check') logCuts(ports, part.id, cuts);
  return value;
}

/**
 * Other writers' observations, wishes and returned events count as absent where they cannot be read: whoever may write them
 * must not be able to keep a certificate from being renewed. Their own writer fails, which people hear of.
 */
function canDoWithout(writer: Writer, { isStrict = false, writer: reader }: ReadPorts): boolean {
  if (isStrict || writer === reader || writer === 'issue' || writer === 'deploy') return false;
  // A way back is decided by what the endpoints of all targets were seen to serve.
  return !(reader === 'deploy' && writer === 'verify');
}

function logUnreadable({ log }: ReadPorts, certificate: string, error: unknown): void {
  const fields = { outcome: errorName(error), reason: errorMessage(error) };
  log?.error('a part of the record counts as absent', { stage: 'check', certificate, ...fields });
}

/** Reads everything that anybody has stored, for a person. Null where nobody has stored anything. */
export function storedRecord(
  bodyOf: (key: string) => Uint8Array | null,
  id: string,
): CertificateRecord | null {
  const read = writers.map((writer) => {
    const body = bodyOf(partKey(writer, id));
    return [writer, body && readPart(writer, id, textOf(body))] as const;
  });
  const parts = Object.fromEntries(read) as Parts;
  const whole = mayHaveWhole(parts, 'check') ? bodyOf(recordKey(id)) : null;
  if (!whole && read.every(([, part]) => part === null)) return null;
  const all = whole ? filledFrom(parts, id, whole) : parts;
  return joined(id, partsFollowing(id, all), 'check');
}

/** Issue is the first to write about a certificate: it knows whether a whole record existed. */
function mayHaveWhole(parts: Parts, reader: Writer): boolean {
  if (parts.issue === null) return true;
  return parts.issue.hasWhole && readBy[reader].some((each) => parts[each] === null);
}

function filledFrom(parts: Parts, id: string, body: Uint8Array): Parts {
  const whole = partsOf(readRecord(id, textOf(body)));
  const filled = writers.map((writer) => [writer, parts[writer] ?? whole[writer]]);
  return Object.fromEntries(filled) as Parts;
}

/** Builds the record for the reader, with impossible values corrected. */
export function recordIn(
  ports: ReadPorts,
  id: string,
  { parts }: Pick<Stored, 'parts'>,
): CertificateRecord {
  const { clock, writer } = ports;
  const { value: record, cuts } = believable(joined(id, parts, writer), clock.now());
  logCuts(ports, id, cuts);
  return record;
}

function logCuts({ log }: ReadPorts, certificate: string, cuts: readonly string[]): void {
  if (cuts.length === 0) return;
  log?.error('the record holds what cannot be, which is taken for absent', {
    stage: 'check',
    certificate,
    fields: cuts.length,
    reason: cuts.slice(0, mostNamed).join('; '),
  });
}

/** One line per record, however many values were forged. */
const mostNamed = 5;

function saysLeft({ log }: ReadPorts, id: string) {
  return (count: number) => {
    const reason = `${count} events cannot be told to anybody`;
    log?.warn('events were left out', { stage: 'alert', certificate: id, reason });
  };
}
