import { createHash } from 'node:crypto';
import { CertkeepError, catalogue, type ErrorName } from '#shared/errors.ts';
import { isWorthTelling } from '#shared/ledger/backoff.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import type { Proof } from './proofs.ts';

/** A failure that the second try repairs, as when new rights have yet to spread, concerns nobody. */
const toldFrom = 2;

/**
 * Returns the event for people, null where they know or need not know. Sent once per place, error and streak of failures.
 */
export function untoldEvent(place: string, proof: Proof, error: unknown): LedgerEvent | null {
  const { failure, failingSince, told } = proof;
  const known = error instanceof CertkeepError ? error : null;
  const needsPerson = known !== null && !known.retryable;
  if (!failure || !failingSince || told === failure.error) return null;
  if (failure.count < toldFrom || !isWorthTelling(failure)) return null;
  return {
    id: `rights-${short(place)}-${failure.error}-${Date.parse(failingSince)}`,
    type: 'failed',
    at: failure.lastAt,
    // It is about a place.
    certificate: null,
    severity: needsPerson ? 'critical' : 'warning',
    summary: `The rights that renewals in ${place} need could not be proven: ${failure.error}`,
    details: {
      stage: 'import',
      error: failure.error,
      message: failure.message,
      attempts: failure.count,
      nextAttemptAt: failure.nextAttemptAt,
      target: place,
      nextStep: nextStepOf(known?.name ?? null),
    },
  };
}

function nextStepOf(name: ErrorName | null): string {
  return name ? catalogue[name].nextStep : 'Read the log of the deploy function at this time.';
}

/** A place key holds a slash, which does not fit into an id. */
function short(place: string): string {
  return createHash('sha256').update(place).digest('hex').slice(0, 8);
}
