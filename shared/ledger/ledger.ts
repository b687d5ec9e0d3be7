import type { Listing } from './listing.ts';
import type { Writer } from './parts/writers.ts';
import type { CertificateRecord } from './record/record.ts';

/**
 * The records, one per certificate, in the home region. `update` is compare-and-swap: it reads, applies `change` and writes
 * conditionally; it starts again when somebody else wrote in between. `change` must be pure; returning its argument
 * unchanged writes nothing.
 */
export type Ledger = {
  /** @throws CertkeepError LedgerUnreadable for a broken record, WrittenByNewerRelease */
  read(id: string, how?: Reading): Promise<CertificateRecord | null>;
  /**
   * @throws CertkeepError LedgerConflict after repeated defeat, LedgerUnreadable for a broken record,
   * WrittenByNewerRelease.
   */
  update(
    id: string,
    change: (record: CertificateRecord) => CertificateRecord,
  ): Promise<CertificateRecord>;
  /** Lists the records by what all functions have written of them, or only these. */
  list(only?: readonly Writer[]): Promise<Listing>;
};

export type Reading = {
  /** The maximum size of each object in bytes, where it differs from the limit of a configuration object. */
  readonly most?: number;
  /** Objects that this listing lacks are not requested. */
  readonly listing?: Listing;
};
