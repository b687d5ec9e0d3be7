/** Concurrent executions of each function that an event source mapping starts. */
export type Executions = Readonly<Record<'issue' | 'deploy' | 'verify', number>>;

/**
 * Concurrent executions of a new AWS account, which AWS raises as the account is used
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). No function has reserved
 * concurrency, which would take from them.
 */
export const accountExecutions = 10;

/** Lambda accepts 2 to 1,000 for a mapping (API_ScalingConfig.html). */
export const fewestExecutions = 2;
/** The maximum for one function. A run mostly waits, so more would only meet the limits of ACM, ELB and the CA. */
export const mostExecutions = 100;

/** By default the mappings take this many together, so that three of ten remain. */
export const mappedExecutions = 7;

/**
 * The default for each queue. Issue: a run takes about a minute, so three at once make 180 orders an hour, twice what Let's
 * Encrypt allows an account in the long run.
 */
export const usualExecutions: Executions = { issue: 3, deploy: 2, verify: 2 };

/** Check starts at most this many urgent invocations at once, of all functions together, besides the queues' work. */
export const urgentExecutions = 2;

/**
 * Runs of deploy, and of verify, for each place: ACM imports one certificate a second there, and a run carries 25. More of
 * them would only share its request rates.
 */
export const mostRunsOfPlace = 6;

/** The number of messages of each queue that are processed at once. */
export function executionsOf({ concurrency }: { readonly concurrency: Executions }): Executions {
  return concurrency;
}

/**
 * The certificates that one message names at most. A run waits nearly all of its time, and this many fit into its memory
 * and its share of a processor (docs/performance.md).
 */
export const mostInMessage = 25;

/** The maximum of concurrent runs of issue, which share the rate limits of DNS services. */
export function issueRunsAtOnce(config: { readonly concurrency: Executions }): number {
  return executionsOf(config).issue + urgentExecutions;
}

/** The executions that an account needs so that the mappings leave as many as they leave by default. */
export function executionsNeeded(config: { readonly concurrency: Executions }): number {
  const { issue, deploy, verify } = executionsOf(config);
  return issue + deploy + verify + accountExecutions - mappedExecutions;
}
