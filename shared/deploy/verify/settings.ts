export type VerifySettings = {
  /** How long load balancer nodes may serve the previous certificate after a change. */
  readonly spreadMs: number;
  /** The time between two questions of one run. */
  readonly pollMs: number;
  /** How long a proven target has to disagree before it is believed; for other targets, the next question is enough. */
  readonly patienceMs: number;
  /** The wait before the next look at targets that were still spreading as the run ended. */
  readonly resumeMs: number;
  /** How often a proven target is asked again, give or take a fifth. */
  readonly reprobeMs: number;
};
