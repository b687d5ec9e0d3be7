/** The result of a run of issue. */
export type IssueOutcome =
  | 'issued'
  | 'adopted'
  | 'failed'
  | 'waiting'
  /** The run ended by its own clock; its message starts the next run at once. */
  | 'goes-on'
  | 'busy'
  | 'nothing-to-do';
