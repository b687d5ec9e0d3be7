/** Shared by all runs that change domain names of one account and region. */
export type DomainTurns = {
  /**
   * Takes the turn of these 30 seconds, or goes to the end of those who wait, an urgent one to their head. It never waits.
   * @throws CertkeepError DomainTurnTaken, with the time at which its own turn comes
   */
  take(wanted: { readonly key: string; readonly isUrgent: boolean }): Promise<void>;
  /** Somebody else has used the turn: it comes again at that time, before all others. */
  lost(key: string, until: Date): Promise<void>;
};

/** Gives every turn at once: for those who only look, and where nobody else takes turns. */
export const freeTurns: DomainTurns = {
  take: async () => undefined,
  lost: async () => undefined,
};
