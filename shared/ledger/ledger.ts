import type { CertificateRecord } from './record/record.ts';

/**
 * The records, one per certificate, in the home region. `update` is compare-and-swap: it reads, applies
 * `change` and writes conditionally, again from the start when somebody else wrote in between. `change`
 * must be pure; returning its argument unchanged writes nothing.
 */
export type Ledger = {
  /**
   * `most` are the bytes that the record may have, where that is not what one of the configuration may.
   * @throws CertkeepError LedgerUnreadable for a broken record, WrittenByNewerRelease
   */
  read(id: string, most?: number): Promise<CertificateRecord | null>;
  /** @throws CertkeepError LedgerConflict after repeated defeat, LedgerUnreadable for a broken record, WrittenByNewerRelease. */
  update(
    id: string,
    change: (record: CertificateRecord) => CertificateRecord,
  ): Promise<CertificateRecord>;
  /** Of everything that ever had a record, configured or not. */
  ids(): Promise<readonly string[]>;
};
