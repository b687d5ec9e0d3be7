/** How a run of issue ended. */
export type IssueOutcome =
  | 'issued'
  | 'adopted'
  | 'failed'
  | 'waiting'
  /** Ended by its own clock; a message of its own begins the next run at once. */
  | 'goes-on'
  | 'busy'
  | 'nothing-to-do';
