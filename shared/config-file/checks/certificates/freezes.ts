import { longestWait } from '#shared/acquire/renewal/renewal-time.ts';
import type { Freeze, MaintenanceConfig } from '#shared/config/maintenance.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';
import { shortestLife, spanText } from './renewals.ts';

/**
 * A renewal that becomes due during a freeze waits until a tenth of the lifetime is left. In a freeze that lasts longer, it
 * starts all the same.
 */
export function freezesFitLives(draft: Draft): readonly Finding[] {
  const { maintenance, certificates } = draft;
  const common = certificates.filter((certificate) => !certificate.maintenance);
  const written: readonly Written[] = [
    { path: ['maintenance'], held: maintenance, certificates: common },
    ...certificates.map((each) => ({
      path: ['certificates', each.id, 'maintenance'],
      held: each.maintenance,
      certificates: [each],
    })),
  ];
  return written.flatMap((each) => tooLongFor(each, draft));
}

type Written = {
  readonly path: Path;
  readonly held: MaintenanceConfig | null;
  readonly certificates: readonly CertificateDraft[];
};

function tooLongFor({ path, held, certificates }: Written, draft: Draft): readonly Finding[] {
  const waits = certificates.flatMap((certificate) => {
    const lifeMs = shortestLife(certificate, draft);
    const [wish] = certificate.renewBefore;
    if (lifeMs === null) return [];
    return [
      { id: certificate.id, lifeMs, waitMs: longestWait(lifeMs, wish && wish.hours * hourMs) },
    ];
  });
  const freezes = held?.freeze ?? [];
  return freezes.flatMap((freeze, at) => {
    const lastsMs = lengthWith(freeze, freezes);
    const following = lastsMs > lengthWith(freeze, []) ? ' with what follows it' : '';
    const tooShort = waits.filter(({ waitMs }) => waitMs < lastsMs);
    const [first, ...others] = tooShort.toSorted((one, other) => one.waitMs - other.waitMs);
    if (!first) return [];
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const neededMs = lastsMs + first.lifeMs / 10;
    return [
      {
        path: [...path, 'freeze', at],
        message: `lasts ${spanText(lastsMs)}${following}, and a renewal of ${first.id}${more} waits ${spanText(first.waitMs)} at most: one that is due when the freeze begins starts before its end`,
        fix:
          neededMs < first.lifeMs / 2
            ? `Shorten it, or write "renewBefore: ${Math.ceil(neededMs / dayMs)}d" for ${first.id}, so that renewals are due earlier; or leave it if you mean that.`
            : `Shorten it to ${spanText(first.waitMs)} or less; a certificate that lives ${spanText(first.lifeMs)} cannot wait longer.`,
      },
    ];
  });
}

/** The length from its first day to the last frozen day without a gap. */
function lengthWith(freeze: Freeze, freezes: readonly Freeze[]): number {
  let { to } = freeze;
  for (const next of freezes.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const isReached = next.from > freeze.from && Date.parse(next.from) <= Date.parse(to) + dayMs;
    if (isReached && next.to > to) to = next.to;
  }
  return Date.parse(to) - Date.parse(freeze.from) + dayMs;
}
