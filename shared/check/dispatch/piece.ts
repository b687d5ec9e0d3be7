import { type Work, workKey } from '#shared/queues/work.ts';

/**
 * `urgent` does not queue: what clients refuse, what is to be put back, and what a person forced. `soon`: the end is
 * near. `wanted`: somebody waits for it. `routine`: nothing is wrong yet.
 */
export const urgencies = ['urgent', 'soon', 'wanted', 'routine'] as const;

export type Urgency = (typeof urgencies)[number];

/** Work that a record asks for now. */
export type Piece = {
  readonly work: Work;
  /** An attempt, or a version and a place: part of the message's deduplication id. */
  readonly why: string;
  readonly urgency: Urgency;
  /** About how long a run of it takes. */
  readonly seconds: number;
  /** When what is served now ends; null where nothing is known to be served. ISO 8601. */
  readonly endsAt: string | null;
  /** Whether a run is at it now. */
  readonly isHeld: boolean;
  /** When a run last had looked at the record, as far as it tells. */
  readonly lookedAt: Date | null;
  /** When the stage before it has sent a message of its own. */
  readonly handedOverAt: Date | null;
};

export function pieceKey({ work }: Pick<Piece, 'work'>): string {
  return workKey(work);
}

export function rankOf(urgency: Urgency): number {
  return urgencies.indexOf(urgency);
}

/** The most urgent first, then what is done quickly, then what ends first. */
export function byNeed(one: Piece, other: Piece): number {
  return (
    rankOf(one.urgency) - rankOf(other.urgency) ||
    one.seconds - other.seconds ||
    (one.endsAt ?? '').localeCompare(other.endsAt ?? '') ||
    pieceKey(one).localeCompare(pieceKey(other))
  );
}
