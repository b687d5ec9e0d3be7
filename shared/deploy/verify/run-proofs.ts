import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type LaterProof, textWith, withLaterProofs } from './later-proofs.ts';
import type { VerifyBook } from './verify-book.ts';
import { nextProbeOf } from './verify-due.ts';

/** The certificates of one run of verify, whose later proofs are read together, and written together at its end. */
export type RunProofs = {
  /** Returns the record with the proofs that it does not hold. */
  known(record: CertificateRecord): Promise<CertificateRecord>;
  /** Keeps proofs that the record, as stored, holds already. */
  add(record: CertificateRecord, targets: readonly Target[], proofs: readonly LaterProof[]): void;
  /** @throws what S3 throws: then these endpoints are asked again */
  write(): Promise<void>;
};

type Target = Pick<TargetIdentity, 'key'>;

type Added = {
  readonly record: CertificateRecord;
  readonly targets: readonly Target[];
  readonly proofs: readonly LaterProof[];
};

export function proofsOfRun(
  book: SharedObject<VerifyBook>,
  { now }: Pick<Clock, 'now'>,
): RunProofs {
  const added: Added[] = [];
  let reading: Promise<VerifyBook | null> | null = null;

  /** Without it endpoints are asked too soon. If S3 still fails when the proofs are written, the run does. */
  const read = () => (reading ??= book.read().catch(() => null));

  return {
    async known(record) {
      const isProven = Object.values(record.deployments).some(({ state }) => state === 'proven');
      const known = isProven ? await read() : null;
      if (!known) return record;
      const { proofs, since } = known;
      return withLaterProofs(record, { text: proofs[record.id], since }, now());
    },
    add(record, targets, proofs) {
      if (proofs.length > 0) added.push({ record, targets, proofs });
    },
    async write() {
      if (added.length === 0) return;
      await book.update((current) =>
        added.reduce((all, one) => withAdded(all, one, now()), current),
      );
    },
  };
}

function withAdded(book: VerifyBook, { proofs, record, targets }: Added, now: Date): VerifyBook {
  const { id } = record;
  const since = book.since ?? now.toISOString();
  const text = textWith(record, book.proofs[id], proofs, now);
  const next = nextProbeOf(withLaterProofs(record, { text, since }, now), targets);
  // The next sweep need not read the record, if it stays as it was.
  const [etags = ''] = (book.probes[id] ?? '').split(' ');
  const isSwept = etags !== '' && next !== null;
  return {
    ...book,
    since,
    proofs: { ...book.proofs, [id]: text },
    ...(isSwept && { probes: { ...book.probes, [id]: `${etags} ${next}` } }),
  };
}
