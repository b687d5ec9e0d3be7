import type { MaintenanceConfig } from '#shared/config/maintenance.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

const weekMinutes = 7 * 24 * 60;

/** Warns where the windows never let a renewal start, so that each waits for the last tenth of its lifetime. */
export function windowsOpen({ maintenance, certificates }: Draft): readonly Finding[] {
  const written: readonly { path: Path; held: MaintenanceConfig | null }[] = [
    { path: ['maintenance'], held: maintenance },
    ...certificates.map(({ id, maintenance: held }) => ({
      path: ['certificates', id, 'maintenance'],
      held,
    })),
  ];
  return written.flatMap(({ path, held }) =>
    held && neverOpens(held)
      ? [
          {
            path: [...path, 'forbid'],
            value: '',
            message:
              'forbids every minute of the week: renewals wait until a tenth of the life is left, and then start at any time',
            fix: 'Leave at least some hours of each week open.',
          },
        ]
      : [],
  );
}

function neverOpens({ mode, windows }: MaintenanceConfig): boolean {
  if (mode === 'allow') return false;
  let reached = 0;
  const inOrder = windows
    .flatMap(({ start, minutes }) => [
      { start, end: start + minutes },
      // A window past midnight on Sunday covers the beginning of the week.
      { start: start - weekMinutes, end: start + minutes - weekMinutes },
    ])
    .toSorted((one, other) => one.start - other.start);
  for (const { start, end } of inOrder) {
    if (start > reached) return false;
    reached = Math.max(reached, end);
  }
  return reached >= weekMinutes;
}
