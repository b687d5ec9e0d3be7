import { noRecalls, type Recalls } from '#shared/acquire/advice/recalls.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { withLaterProofs } from '#shared/deploy/verify/later-proofs.ts';
import type { VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { eachOf, inBatches, recordsAtOnce } from '#shared/each.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { Listing } from '#shared/ledger/listing.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import { isUnreadable } from '#shared/ledger/record/record-object.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import { mostBytes } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Piece } from './dispatch/piece.ts';
import { leftoverPiecesOf, type Needs, needsOf, toPutRight } from './dispatch/pieces-of.ts';
import { type Wish, withWish } from './operator-request.ts';

export type ReadPorts = {
  readonly clock: Pick<Clock, 'now'>;
  readonly config: Config;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly recallBook: Pick<SharedObject<Recalls>, 'read'>;
  /** The object that verify writes. */
  readonly verifyBook: Pick<SharedObject<VerifyBook>, 'read'>;
  /**
   * Corrects the record by the certificate of the version in service (acquire/store/as-certified.ts), when its turn
   * comes.
   */
  readonly certified: (record: CertificateRecord) => CertificateRecord | Promise<CertificateRecord>;
};

export const sideBySide = {
  concurrency: recordsAtOnce,
  failure: 'certificates could not be checked',
};

/** A configured certificate, as its record and its certificate say. */
export type Found = {
  readonly certificate: CertificateConfig;
  readonly record: CertificateRecord;
  readonly need: Needs;
};

/** What verify has seen and no record holds; since when it keeps that. */
export type Verified = Pick<VerifyBook, 'proofs'> & { readonly since: string };

/** One that cannot be looked at does not affect the others. */
export async function lookAtAll(
  { clock, config, ledger, log }: ReadPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish | null,
  {
    listing,
    recalls,
    unread,
    verified,
  }: {
    readonly listing: Listing | null;
    readonly recalls: Recalls;
    readonly unread: Map<string, unknown>;
    readonly verified: Verified;
  },
): Promise<readonly Found[]> {
  const found = await inBatches(
    wanted,
    sideBySide.concurrency,
    async (certificate): Promise<Found | null> => {
      const { id } = certificate;
      try {
        // Whoever asks hears how things are now, and not how an earlier run of this container has seen them.
        if (wish) await ledger.read(id);
        const stored = wish
          ? await ledger.update(id, (current) => withWish(current, wish, clock.now()))
          : ((await ledger.read(id, listing ? { listing } : {})) ?? emptyRecord(id, clock.now()));
        const { proofs, since } = verified;
        const record = withLaterProofs(stored, { text: proofs[id], since }, clock.now());
        const need = needsOf(config, certificate, record, clock.now(), recalls);
        return { certificate, record, need };
      } catch (error) {
        unread.set(id, notChecked(log, id, error));
        return null;
      }
    },
  );
  return found.filter((each) => each !== null);
}

/**
 * A certificate that cannot be compared is judged by its record. Issue corrects the record, since only issue may write it.
 */
export async function compareAll(
  ports: ReadPorts,
  seen: readonly Found[],
  { failures, recalls }: { readonly failures: unknown[]; readonly recalls: Recalls },
): Promise<readonly Found[]> {
  return inBatches(seen, sideBySide.concurrency, async (found) => {
    try {
      const { certificate } = found;
      const record = await ports.certified(found.record);
      if (record === found.record) return found;
      const now = ports.clock.now();
      const need = toPutRight(
        needsOf(ports.config, certificate, record, now, recalls),
        record,
        now,
      );
      return { certificate, record, need };
    } catch (error) {
      failures.push(notChecked(ports.log, found.record.id, error));
      return found;
    }
  });
}

export type Unread = {
  readonly unread: Map<string, unknown>;
  /** Objects that belong to no configured certificate and to no record that certkeep has written. */
  readonly strange: Map<string, unknown>;
};

/** One that left the configuration. */
export type Forgotten = {
  readonly certificate: null;
  readonly record: CertificateRecord;
  readonly pieces: readonly Piece[];
};

/**
 * A certificate that left the configuration is not renewed any more, but no value of it stays published, no event unsent,
 * and nothing in a retired place.
 */
export async function lookAtForgotten(
  { clock, config, ledger, log }: ReadPorts,
  listing: Listing,
  { unread, strange }: Unread,
): Promise<readonly Forgotten[]> {
  const configured = new Set(config.certificates.map(({ id }) => id));
  const found: Forgotten[] = [];
  const ids = [...listing.keys()].filter((id) => !configured.has(id));
  await eachOf(ids, sideBySide, async (id) => {
    try {
      const record = await ledger.read(id, { most: mostBytes.small, listing });
      if (!record) return;
      const pieces = leftoverPiecesOf(config, record, clock.now());
      found.push({ certificate: null, record, pieces });
    } catch (error) {
      // Anybody may have written it: no certificate that is kept depends on it.
      if (isUnreadable(error)) strange.set(id, error);
      else unread.set(id, notChecked(log, id, error));
    }
  });
  return found;
}

/** Without the listing every object is requested, and certificates that left the configuration wait for the next check. */
export async function listingOf(
  { ledger }: Pick<ReadPorts, 'ledger'>,
  failures: unknown[],
): Promise<Listing | null> {
  try {
    return await ledger.list();
  } catch (error) {
    failures.push(error);
    return null;
  }
}

/** Without them each certificate is asked about in its own time. */
export async function recallsOf(
  { recallBook }: Pick<ReadPorts, 'recallBook'>,
  failures: unknown[],
): Promise<Recalls> {
  try {
    return await recallBook.read();
  } catch (error) {
    failures.push(error);
    return noRecalls;
  }
}

/** Null where it cannot be read: then endpoints are asked too soon, and nobody hears that they were not asked. */
export async function verifyBookOf(
  { verifyBook }: Pick<ReadPorts, 'verifyBook'>,
  failures: unknown[],
): Promise<VerifyBook | null> {
  try {
    return await verifyBook.read();
  } catch (error) {
    failures.push(error);
    return null;
  }
}

export function notChecked(log: Log, certificate: string, error: unknown): unknown {
  const fields = { outcome: errorName(error), reason: errorMessage(error) };
  log.error('certificate not checked', { stage: 'check', certificate, ...fields });
  return error;
}
