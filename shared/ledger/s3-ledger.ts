import { randomUUID } from 'node:crypto';
import { CertkeepError } from '#shared/errors.ts';
import { mostInMessage } from '#shared/limits.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';
import type { Ledger, Reading } from './ledger.ts';
import { listed } from './listing.ts';
import { partsFollowing } from './parts/join.ts';
import type { PartOf } from './parts/part.ts';
import { readPart } from './parts/part-object.ts';
import { ownPart } from './parts/split.ts';
import { partKey, type Writer } from './parts/writers.ts';
import { fitted } from './record/fitted.ts';
import type { CertificateRecord } from './record/record.ts';
import { type ReadPorts, recordIn, type Stored, storedParts } from './stored-parts.ts';

export type LedgerPorts = ReadPorts & {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf' | 'folders' | 'page'>;
  readonly clock: Clock;
  /** Spreads the waits of rivals; 0 to 1. */
  readonly random?: () => number;
};

type Change = (record: CertificateRecord) => CertificateRecord;

/** Each defeat means that another write succeeded, so the rivals as a whole make progress. */
const maxTries = 10;
/** Waits double from here: at most 0.05 + 0.1 + … + 2 s = 9.2 s for all tries. */
const firstDelayMs = 50;
const longestDelayMs = 2_000;
/** How long the other writers' objects count as fresh: S3 reports only a change of the writer's own object. */
const freshMs = 5_000;

/**
 * Stores the records in S3, one object per writer, `records/<writer>/<id>.json`, by compare-and-swap: each function reads
 * them together and writes its own. An update uses the record as just seen: the ETag of the writer's object tells S3 whether
 * it still holds, which saves every second read. Only a fresh read from S3 can keep an update from writing.
 */
export function s3Ledger(ports: LedgerPorts): Ledger {
  const { writer } = ports;
  /** The last looked at comes last. */
  const seen = new Map<string, Stored>();

  function keep(id: string, stored: Stored): void {
    seen.delete(id);
    seen.set(id, stored);
    const [oldest] = seen.keys();
    if (oldest !== undefined && seen.size > mostInMessage) seen.delete(oldest);
  }

  async function look(id: string, how?: Reading): Promise<Stored> {
    const stored = await storedParts(ports, id, how);
    keep(id, stored);
    return stored;
  }

  function fresh(id: string): Stored | null {
    const stored = seen.get(id);
    // Verify has asked endpoints meanwhile, and deploy may have changed them.
    if (!stored || writer === 'verify') return null;
    return addMs(stored.readAt, freshMs) > ports.clock.now() ? stored : null;
  }

  async function write(id: string, stored: Stored, part: PartOf[Writer]) {
    const body = JSON.stringify(part);
    // An object that could not be read back must not replace a readable one.
    refuseTooLarge(partKey(writer, id), body);
    readPart(writer, id, body);
    seen.delete(id);
    const written = await ports.objects.putIf(partKey(writer, id), body, stored.etag);
    if (written.outcome !== 'written') return null;
    const parts = partsFollowing(id, { ...stored.parts, [writer]: part });
    const after = { ...stored, parts, etag: written.etag, exists: true };
    keep(id, after);
    return after;
  }

  async function update(id: string, change: Change): Promise<CertificateRecord> {
    // One id for all tries: if S3 accepted any of them, even late, the change counts as made.
    const writeId = randomUUID();
    for (let tries = 0; tries < maxTries; tries += 1) {
      if (tries > 0) await pauseAfter(ports, tries);
      const known = tries === 0 ? fresh(id) : null;
      const serves = known !== null && isChange(recordIn(ports, id, known), change);
      const stored = serves ? known : await look(id);
      const before = recordIn(ports, id, stored);
      if (isWritten(stored, writer, writeId)) return before;
      const after = change(before);
      if (after === before) return before;
      const { parts } = stored;
      const part = ownPart(writer, { parts, before, after, writeId, now: ports.clock.now() });
      const written = await write(id, stored, within(ports, part));
      if (written) return recordIn(ports, id, written);
    }
    return afterLastDefeat(ports, id, { stored: await look(id), writeId });
  }

  return {
    async read(id, how) {
      const stored = await look(id, how);
      return stored.exists ? recordIn(ports, id, stored) : null;
    },
    update,
    list: (only) => listed(ports.objects, only),
  };
}

/** A change that refuses, or changes nothing, may judge by outdated data. */
function isChange(before: CertificateRecord, change: Change): boolean {
  try {
    return change(before) !== before;
  } catch {
    return false;
  }
}

function isWritten({ parts }: Stored, writer: Writer, writeId: string): boolean {
  return parts[writer].writeIds.includes(writeId);
}

/** The last conflict may have been our own write, since the SDK repeats a write whose answer was lost. */
function afterLastDefeat(
  ports: LedgerPorts,
  id: string,
  { stored, writeId }: { readonly stored: Stored; readonly writeId: string },
): CertificateRecord {
  if (isWritten(stored, ports.writer, writeId)) return recordIn(ports, id, stored);
  const key = partKey(ports.writer, id);
  throw new CertkeepError(
    'LedgerConflict',
    `${key}: others wrote first ${maxTries} times in a row`,
  );
}

/** Cuts texts and growing lists to a readable size; nothing that decisions use is cut. */
function within<Part extends PartOf[Writer]>({ log }: LedgerPorts, part: Part): Part {
  const { record: after, cut } = fitted(part, mostBytes.record);
  if (cut.length > 0) {
    const [first = ''] = cut;
    const reason = `${first.slice(0, 200)}${cut.length > 1 ? ` and ${cut.length - 1} more` : ''}`;
    log?.warn('the record was cut', { stage: 'check', certificate: part.id, reason });
  }
  return after;
}

function refuseTooLarge(key: string, body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= mostBytes.record) return;
  const message = `${key}: would have ${bytes} bytes, more than the ${mostBytes.record} that are read`;
  throw new CertkeepError('LedgerUnreadable', message);
}

function pauseAfter({ clock, random = Math.random }: LedgerPorts, tries: number): Promise<void> {
  const longestMs = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
  return pause(clock, Math.ceil(longestMs * (0.5 + random() / 2)));
}
