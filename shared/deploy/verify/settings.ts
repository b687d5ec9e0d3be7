export type VerifySettings = {
  /** How long load balancer nodes may serve the previous certificate after a change. */
  readonly spreadMs: number;
  /** Between two questions of one run. */
  readonly pollMs: number;
  /** How long a target that was proven has to disagree before it is believed; another one until the next question. */
  readonly patienceMs: number;
  /** When to look again at what was still spreading as the run ended. */
  readonly resumeMs: number;
  /** How often a proven target is asked again, a fifth more or less. */
  readonly reprobeMs: number;
};
