import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import type { Status } from '#shared/status/status-schema.ts';

/** Sent after each check, when the state of the fleet is written: alert and other tools look at it then. */
export function checkedEvent(
  checkedAt: Status['checkedAt'],
  counts: Status['counts'],
): LedgerEvent {
  const bad = counts.warning + counts.critical;
  return {
    id: `checked-${checkedAt}`,
    type: 'checked',
    at: checkedAt,
    certificate: null,
    severity: 'info',
    summary: bad === 0 ? 'every certificate was checked' : `${bad} certificates need a person`,
    details: { stage: 'check', ...counts },
  };
}
