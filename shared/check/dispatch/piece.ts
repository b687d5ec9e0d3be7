import { type Work, workKey } from '#shared/queues/work.ts';

/**
 * `urgent` does not queue: certificates that clients refuse, rollbacks, and forces. `soon`: the end is near. `wanted`:
 * somebody waits for it. `routine`: nothing is wrong yet.
 */
export const urgencies = ['urgent', 'soon', 'wanted', 'routine'] as const;

export type Urgency = (typeof urgencies)[number];

/** Work that a record needs now. */
export type Piece = {
  readonly work: Work;
  /** An attempt, or a version and a place: part of the message's deduplication id. */
  readonly why: string;
  readonly urgency: Urgency;
  /** The approximate length of its run. */
  readonly seconds: number;
  /** The end of the certificate that is served now; null where none is known. ISO 8601. */
  readonly endsAt: string | null;
  /** True if a run works on it now. */
  readonly isHeld: boolean;
  /** The time at which a run last looked at the record, as far as the record tells. */
  readonly lookedAt: Date | null;
  /** The time at which the previous stage sent a message of its own. */
  readonly handedOverAt: Date | null;
};

export function pieceKey({ work }: Pick<Piece, 'work'>): string {
  return workKey(work);
}

export function rankOf(urgency: Urgency): number {
  return urgencies.indexOf(urgency);
}

/** Sorts by urgency, then by length, then by the end of the certificate. */
export function byNeed(one: Piece, other: Piece): number {
  return (
    rankOf(one.urgency) - rankOf(other.urgency) ||
    one.seconds - other.seconds ||
    (one.endsAt ?? '').localeCompare(other.endsAt ?? '') ||
    pieceKey(one).localeCompare(pieceKey(other))
  );
}
