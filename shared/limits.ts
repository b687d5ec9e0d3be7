/** The parts that an event source mapping starts. */
export type Executions = Readonly<Record<'issue' | 'deploy' | 'verify', number>>;

/**
 * Concurrent executions of a new AWS account, which AWS raises as the account is used
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). No function has reserved
 * concurrency, which would take from them.
 */
export const accountExecutions = 10;

/** Lambda takes from 2 to 1,000 for a mapping (API_ScalingConfig.html). */
export const fewestExecutions = 2;
/** Of one part. A run waits most of its time, so more would only meet the limits of ACM, ELB and the CA. */
export const mostExecutions = 100;

/** What the mappings take together where the configuration says nothing, so that three of ten are left. */
export const mappedExecutions = 7;

/**
 * At once from each queue, unless the configuration says otherwise. Issue: a run takes about a minute, so these
 * are 180 orders an hour, twice what Let's Encrypt lets an account order in the long run.
 */
export const usualExecutions: Executions = { issue: 3, deploy: 2, verify: 2 };

/** Urgent invocations that check has outstanding at once, of all parts together, beside what comes from the queues. */
export const urgentExecutions = 2;

/** How many messages of each queue are worked on at once. */
export function executionsOf({ concurrency }: { readonly concurrency: Executions }): Executions {
  return concurrency;
}

/** Runs of issue side by side at most: they share the budgets of DNS services. */
export function issueRunsAtOnce(config: { readonly concurrency: Executions }): number {
  return executionsOf(config).issue + urgentExecutions;
}

/** What an account needs so that the mappings leave as much as they leave by default. */
export function executionsNeeded(config: { readonly concurrency: Executions }): number {
  const { issue, deploy, verify } = executionsOf(config);
  return issue + deploy + verify + accountExecutions - mappedExecutions;
}
