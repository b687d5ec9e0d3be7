import { randomUUID } from 'node:crypto';
import { CertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { Ledger } from './ledger.ts';
import { believable } from './record/believable.ts';
import { fitted } from './record/fitted.ts';
import { historyLimit } from './record/history.ts';
import { type CertificateRecord, emptyRecord } from './record/record.ts';
import { isId, readRecord, recordKey, recordPrefix } from './record/record-object.ts';

export type LedgerPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf' | 'folders'>;
  readonly clock: Clock;
  /** Says where something of a record was cut, or cannot be. */
  readonly log?: Log;
  /** Spreads the waits of rivals; 0 to 1. */
  readonly random?: () => number;
};

type Change = (record: CertificateRecord) => CertificateRecord;

/** Each defeat means that somebody else's write went through, so the rivals as a whole make progress. */
const maxTries = 10;
/** Waits double from here: at most 0.05 + 0.1 + … + 2 s = 9.2 s for all tries. */
const firstDelayMs = 50;
const longestDelayMs = 2_000;
const writeIdLimit = 16;

/** The record as S3 has it under this ETag; null where there is none. */
type Stored = { readonly record: CertificateRecord; readonly etag: string } | null;

/**
 * The records in S3, `certificates/<id>/record.json`, by compare-and-swap. An update is made of what was
 * seen of the record last, where it was the last to be looked at: its ETag tells S3 whether that still
 * holds, which spares every second request. Only what S3 is asked for anew can keep an update from writing.
 */
export function s3Ledger(ports: LedgerPorts): Ledger {
  let seen: { readonly id: string; readonly stored: Stored } | null = null;

  async function look(id: string, most?: number): Promise<Stored> {
    const stored = await load(ports, id, most);
    seen = { id, stored };
    return stored;
  }

  function baseOf(id: string, stored: Stored): CertificateRecord {
    return stored?.record ?? emptyRecord(id, ports.clock.now());
  }

  async function write(id: string, stored: Stored, record: CertificateRecord) {
    const body = JSON.stringify(record);
    // What could not be read back must not replace what can.
    refuseTooLarge(id, body);
    readRecord(id, body);
    seen = null;
    const written = await ports.objects.putIf(recordKey(id), body, stored?.etag ?? null);
    if (written.outcome === 'written') seen = { id, stored: { record, etag: written.etag } };
    return written.outcome === 'written';
  }

  async function update(id: string, change: Change): Promise<CertificateRecord> {
    // One id for all tries: whichever of them S3 took, even late, the change counts as made.
    const writeId = randomUUID();
    for (let tries = 0; tries < maxTries; tries += 1) {
      if (tries > 0) await pause(ports, tries);
      const known = tries === 0 && seen?.id === id ? seen : null;
      const serves = known !== null && isChange(baseOf(id, known.stored), change);
      const stored = serves ? known.stored : await look(id);
      if (stored?.record.writeIds.includes(writeId)) return stored.record;
      const before = baseOf(id, stored);
      const changed = change(before);
      if (changed === before) return before;
      const after = within(ports, stamped(changed, writeId, ports.clock.now()));
      if (await write(id, stored, after)) return after;
    }
    return afterLastDefeat(await look(id), id, writeId);
  }

  return {
    read: async (id, most) => (await look(id, most))?.record ?? null,
    update,
    async ids() {
      const folders = await ports.objects.folders(recordPrefix);
      return folders.filter(isId);
    },
  };
}

/** A change that refuses, or has nothing to do, may be wrong about what is there now. */
function isChange(before: CertificateRecord, change: Change): boolean {
  try {
    return change(before) !== before;
  } catch {
    return false;
  }
}

/** The last conflict may have been our own write, too: the SDK repeats a write whose answer was lost. */
function afterLastDefeat(stored: Stored, id: string, writeId: string): CertificateRecord {
  if (stored?.record.writeIds.includes(writeId)) return stored.record;
  throw new CertkeepError(
    'LedgerConflict',
    `${recordKey(id)}: others wrote first ${maxTries} times in a row`,
  );
}

/** People's words and lists that only grow are cut to what is read; nothing that is decided by is. */
function within({ log }: LedgerPorts, record: CertificateRecord): CertificateRecord {
  const { record: after, cut } = fitted(record, mostBytes.record);
  if (cut.length > 0) {
    const [first = ''] = cut;
    const reason = `${first.slice(0, 200)}${cut.length > 1 ? ` and ${cut.length - 1} more` : ''}`;
    log?.warn('the record was cut', { stage: 'check', certificate: record.id, reason });
  }
  return after;
}

function refuseTooLarge(id: string, body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes <= mostBytes.record) return;
  const message = `${recordKey(id)}: would have ${bytes} bytes, more than the ${mostBytes.record} that are read`;
  throw new CertkeepError('LedgerUnreadable', message);
}

async function load(
  { clock, log, objects }: LedgerPorts,
  id: string,
  most: number = mostBytes.record,
): Promise<Stored> {
  const stored = await objects.get(recordKey(id), most);
  if (!stored) return null;
  const onLeft = (count: number) => {
    const reason = `${count} events cannot be told to anybody`;
    log?.warn('events were left out', { stage: 'alert', certificate: id, reason });
  };
  const read = readRecord(id, Buffer.from(stored.body).toString(), onLeft);
  const { value: record, cuts } = believable(read, clock.now());
  if (cuts.length > 0) {
    log?.error('the record holds what cannot be, which is taken for absent', {
      stage: 'check',
      certificate: id,
      fields: cuts.length,
      reason: cuts.slice(0, mostNamed).join('; '),
    });
  }
  return { record, etag: stored.etag };
}

/** One line a record, however much of it was forged. */
const mostNamed = 5;

function stamped(record: CertificateRecord, writeId: string, now: Date): CertificateRecord {
  return {
    ...record,
    writeIds: [...record.writeIds, writeId].slice(-writeIdLimit),
    updatedAt: now.toISOString(),
    history: record.history.slice(-historyLimit),
  };
}

function pause({ clock, random = Math.random }: LedgerPorts, tries: number): Promise<void> {
  const longestMs = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
  return clock.sleep(Math.ceil(longestMs * (0.5 + random() / 2)), deadlineSignal());
}
