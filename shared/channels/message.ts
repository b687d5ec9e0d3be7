/** `info`: nobody has to do anything, as in a weekly digest. */
export const messageSeverities = ['critical', 'warning', 'info'] as const;
export type MessageSeverity = (typeof messageSeverities)[number];

/** A message to people. Subscribers can filter by `attributes`. */
export type Message = {
  readonly id: string;
  /** One line of at most 99 letters. */
  readonly subject: string;
  /** At most 140 letters, for an SMS. */
  readonly short: string;
  readonly text: string;
  readonly attributes: {
    readonly type: string;
    /** All that the trouble has had since people first heard of it, so that whoever heard of it hears of its end. */
    readonly severity: readonly MessageSeverity[];
    /** Absent where the message concerns none, or several. */
    readonly certificate?: string;
    /** The owners of the certificates that it concerns, now or since people first heard; absent where there are none. */
    readonly owner?: readonly string[];
  };
};
