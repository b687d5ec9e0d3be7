import { isDeepStrictEqual } from 'node:util';
import type { Config } from '#shared/config/config.ts';
import { digestOfConfig } from '#shared/config/digest.ts';
import { eachOf, recordsAtOnce, throwAny } from '#shared/each.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { digestOfRecord, type Listing } from '#shared/ledger/listing.ts';
import { readBy } from '#shared/ledger/parts/writers.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { WorkQueues } from '#shared/queues/work.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, type Clock, dayMs, minuteMs } from '#shared/time/clock.ts';
import { withLaterProofs } from './later-proofs.ts';
import type { VerifyBook } from './verify-book.ts';
import { nextProbeOf } from './verify-due.ts';

export type SweepPorts = {
  readonly config: Config;
  readonly ledger: Pick<Ledger, 'list' | 'read'>;
  readonly verifyBook: SharedObject<VerifyBook>;
  readonly queues: WorkQueues & {
    /** Says whether its queue has no such message, waiting or in progress. */
    isEmpty(kind: 'verify'): Promise<boolean>;
  };
  readonly clock: Clock;
  /** The maximum number of messages: what can be done until the next sweep. */
  readonly most: number;
};

const sideBySide = { concurrency: recordsAtOnce, failure: 'certificates could not be looked at' };

/** By then check has run twice. */
const overdueMs = 20 * minuteMs;
/** No proof is so far ahead: such a record is read again. */
const believedMs = dayMs;

/**
 * Sends the messages that check should have sent: endpoints are asked even if check does not run. While check's messages
 * are in the queue there is nothing to do.
 * @throws what cannot be listed, read or kept, after all else is done
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const { clock, config, ledger, most, queues, verifyBook } = ports;
  if (!(await queues.isEmpty('verify'))) return;
  const now = clock.now();
  const since = addMs(now, -overdueMs).toISOString();
  const failures: unknown[] = [];
  const failed = (error: unknown) => {
    failures.push(error);
    return null;
  };
  // Without either, every record is read.
  const before = await verifyBook.read().catch(failed);
  const listing = await ledger.list(readBy.verify).catch(failed);
  const deployed = config.certificates.filter(({ targets }) => targets.length > 0);
  const probes = new Map(before && listing ? knownProbes(before, config, { listing, now }) : []);
  const left = deployed.filter(({ id }) => {
    const probe = probes.get(id);
    return !probe || probe.at <= since;
  });
  const overdue: string[] = [];
  const looked = eachOf(left, sideBySide, async ({ id, targets }) => {
    // What an earlier release has written as a whole is not in this listing.
    const record = await ledger.read(id, listing?.has(id) ? { listing } : {});
    const proofs = { text: before?.proofs[id], since: before?.since ?? null };
    const known = record && withLaterProofs(record, proofs, now);
    const at = known && nextProbeOf(known, identitiesOf({ id, targets }, config.home));
    if (at === null) {
      probes.delete(id);
      return;
    }
    probes.set(id, { etags: listing ? digestOfRecord(listing, id) : '', at });
    if (at <= since) overdue.push(id);
  });
  await looked.catch(failed);
  for (const certificate of overdue.slice(0, most)) {
    await queues.send({ kind: 'verify', certificate }, `overdue since ${since}`);
  }
  if (listing) {
    const swept = deployed.flatMap(({ id }) => {
      const probe = probes.get(id);
      return probe ? [[id, `${probe.etags} ${probe.at}`] as const] : [];
    });
    const probed = Object.fromEntries(swept);
    const write = verifyBook.update((book) => {
      const after = { ...withProbes(book, config, probed), since: book.since ?? now.toISOString() };
      return isDeepStrictEqual(book, after) ? book : after;
    });
    await write.catch(failed);
  }
  throwAny(failures);
}

/** The proofs of certificates that left the configuration are of no use. */
function withProbes(book: VerifyBook, config: Config, probes: VerifyBook['probes']): VerifyBook {
  const ids = new Set(config.certificates.map(({ id }) => id));
  const proofs = Object.entries(book.proofs).filter(([id]) => ids.has(id));
  return { ...book, config: digestOfConfig(config), probes, proofs: Object.fromEntries(proofs) };
}

type Probe = {
  readonly etags: string;
  /** When the first endpoint is to be asked. */
  readonly at: string;
};

/** Returns what is known of records that have not changed. */
function knownProbes(
  { config: digest, probes }: VerifyBook,
  config: Config,
  { listing, now }: { readonly listing: Listing; readonly now: Date },
): readonly (readonly [id: string, Probe])[] {
  if (digest !== digestOfConfig(config)) return [];
  const latest = addMs(now, believedMs).toISOString();
  return Object.entries(probes).flatMap(([id, text]) => {
    const [etags = '', at = ''] = text.split(' ');
    const isKnown = etags !== '' && etags === digestOfRecord(listing, id) && at <= latest;
    return isKnown ? [[id, { etags, at }] as const] : [];
  });
}
