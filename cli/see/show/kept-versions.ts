import { obstacleTo, putAside } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';

/** A version that is kept, and whether a person may put it into service. */
export type KeptVersion = {
  readonly serial: string;
  readonly notAfter: string;
  /** `put aside`: a newer one, while a person has an earlier one served. */
  readonly state: 'in service' | 'put aside' | 'usable' | 'barred' | 'not usable';
  /** The reason of the person who has barred it, or what is in its way. */
  readonly why: string | null;
};

/**
 * Returns all versions that are kept, newest first. Check alone knows the configured names, and asks again: here those of
 * the version in service count. Pure.
 */
export function keptVersions(
  record: CertificateRecord,
  inService: Version,
  now: Date,
): readonly KeptVersion[] {
  const aside = putAside(record);
  return record.versions.toReversed().map((version) => {
    const { id, notAfter, serial } = version;
    const bar = record.barred.find(({ versionId }) => versionId === id);
    const why = bar?.reason ?? obstacleTo(record, version, inService.names, now);
    const kept = (state: KeptVersion['state']) => ({ serial, notAfter, state, why });
    if (id === inService.id) return { ...kept('in service'), why: bar?.reason ?? null };
    if (bar) return kept('barred');
    if (why !== null) return kept('not usable');
    return kept(id === aside?.id ? 'put aside' : 'usable');
  });
}
