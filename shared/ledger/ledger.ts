import type { Listing } from './listing.ts';
import type { CertificateRecord } from './record/record.ts';

/**
 * The records, one per certificate, in the home region. `update` is compare-and-swap: it reads, applies
 * `change` and writes conditionally, again from the start when somebody else wrote in between. `change`
 * must be pure; returning its argument unchanged writes nothing.
 */
export type Ledger = {
  /** @throws CertkeepError LedgerUnreadable for a broken record, WrittenByNewerRelease */
  read(id: string, how?: Reading): Promise<CertificateRecord | null>;
  /** @throws CertkeepError LedgerConflict after repeated defeat, LedgerUnreadable for a broken record, WrittenByNewerRelease. */
  update(
    id: string,
    change: (record: CertificateRecord) => CertificateRecord,
  ): Promise<CertificateRecord>;
  list(): Promise<Listing>;
};

export type Reading = {
  /** The bytes that each object may have, where that is not what one of the configuration may. */
  readonly most?: number;
  /** What was not there when it was listed is not asked for. */
  readonly listing?: Listing;
};
