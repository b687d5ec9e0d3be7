import type { Path } from '#shared/schema/finding.ts';

/** A path in which `*` replaces the ids and indexes: `certificates.*.targets.*.listener`. */
export function placeIn(path: Path): string {
  const ids = ['certificates', 'issuers'];
  return path
    .map((step, at) =>
      typeof step === 'number' || (at === 1 && ids.includes(String(path[0]))) ? '*' : step,
    )
    .join('.');
}
