import type { CertificateRecord, TxtIntent } from '#shared/ledger/record/record.ts';

/** Says whether two intents have the same value at the same place, whatever their state. */
function isSame(a: TxtIntent, b: TxtIntent): boolean {
  return a.zoneId === b.zoneId && a.name === b.name && a.value === b.value;
}

export function zoneOf({ solver, zoneId }: TxtIntent): string {
  return `${solver} ${zoneId}`;
}

export function withIntent(record: CertificateRecord, intent: TxtIntent): CertificateRecord {
  return { ...record, txt: [...record.txt.filter((known) => !isSame(known, intent)), intent] };
}

/** Keeps the position, so that the order of the record shows when it was planned. */
export function withOut(
  record: CertificateRecord,
  intent: TxtIntent,
  out: NonNullable<TxtIntent['out']>,
): CertificateRecord {
  return {
    ...record,
    txt: record.txt.map((known) => (isSame(known, intent) ? { ...known, out } : known)),
  };
}

/** Marks an attempt's values as over: no CA looks at them any more. */
export function withOver(record: CertificateRecord, attemptId: string): CertificateRecord {
  if (!record.txt.some((intent) => intent.attemptId === attemptId)) return record;
  return {
    ...record,
    txt: record.txt.map((each) =>
      each.attemptId === attemptId ? { ...each, over: true as const } : each,
    ),
  };
}

/** Values that an attempt planned with another configuration are planned anew: published ones are removed in the end. */
export function withoutPlans(record: CertificateRecord): CertificateRecord {
  return {
    ...record,
    txt: record.txt.map(({ authorization, out, ...bare }) => bare),
  };
}

/** Returns the values that no attempt under way needs. */
export function leftOver({ attempt, txt }: CertificateRecord): readonly TxtIntent[] {
  return txt.filter(({ attemptId, over }) => over || attemptId !== attempt?.id);
}
