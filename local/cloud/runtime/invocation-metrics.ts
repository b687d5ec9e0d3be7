import type { Clock } from '../clock.ts';
import type { Dimensions, Metrics } from '../services/cloudwatch/metrics.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { InvocationResult } from './invocation-result.ts';

export type InvocationMetrics = {
  /** Returns what is called at the end of the invocation. */
  begun(deployed: DeployedFunction, invokedArn?: string): (result: InvocationResult) => void;
  throttled(deployed: DeployedFunction, invokedArn?: string): void;
};

/**
 * Writes the metrics of Lambda. A throttled request does not count as an invocation, a function that nobody invokes has no
 * values, and each value has the time at which its invocation began
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
 */
export function invocationMetrics(options: {
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'put'> | null;
}): InvocationMetrics {
  const { clock, metrics } = options;

  function put(
    deployed: DeployedFunction,
    invokedArn: string | undefined,
    at: Date,
    values: Readonly<Record<string, number>>,
  ): void {
    for (const [name, value] of Object.entries(values)) {
      const unit = name === 'Duration' ? 'Milliseconds' : 'Count';
      for (const dimensions of dimensionsOf(deployed, invokedArn)) {
        metrics?.put(deployed, { namespace: 'AWS/Lambda', name, dimensions, at, unit, value });
      }
    }
  }

  return {
    throttled: (deployed, invokedArn) => put(deployed, invokedArn, clock.now(), { Throttles: 1 }),
    begun(deployed, invokedArn) {
      const at = clock.now();
      return (result) =>
        put(deployed, invokedArn, at, {
          Invocations: 1,
          Errors: result.ok ? 0 : 1,
          Throttles: 0,
          Duration: clock.now().getTime() - at.getTime(),
        });
    },
  };
}

/** Lambda writes each value three times: for all functions, for the function, and for the function or alias that was invoked. */
function dimensionsOf(
  { arn, name }: DeployedFunction,
  invokedArn: string = arn,
): readonly Dimensions[] {
  const alias = invokedArn.slice(arn.length);
  return [{}, { FunctionName: name }, { FunctionName: name, Resource: `${name}${alias}` }];
}
