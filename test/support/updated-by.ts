import { joined, partsFollowing } from '#shared/ledger/parts/join.ts';
import { ownPart } from '#shared/ledger/parts/split.ts';
import { partsOf } from '#shared/ledger/parts/whole.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';

/** The record as it is read after a writer has written a change of it. */
export function updatedBy(
  writer: Writer,
  record: CertificateRecord,
  change: (record: CertificateRecord) => CertificateRecord,
  now: Date,
): CertificateRecord {
  const { id } = record;
  const parts = partsOf(record);
  const before = joined(id, parts, writer);
  const after = change(before);
  const part = ownPart(writer, { parts, before, after, writeId: 'write', now });
  return joined(id, partsFollowing(id, { ...parts, [writer]: part }), writer);
}
