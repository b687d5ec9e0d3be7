import { assertVisibility, functionAt, invalid } from './functions.ts';
import type { EventSourceMapping, LambdaState } from './state.ts';

/** CreateEventSourceMapping and its update in one, with their refusals. */
export function putMapping(state: LambdaState, mapping: EventSourceMapping): void {
  const { queueArn, maxConcurrency } = mapping;
  const deployed = functionAt(state, mapping.functionArn);
  const queue = state.queue(queueArn);
  if (!queue) throw invalid(`there is no queue ${queueArn}`);
  assertVisibility(queue, deployed);
  if (maxConcurrency !== null && !isConcurrency(maxConcurrency)) {
    throw invalid(
      `${queue.name}: a maximum concurrency of ${maxConcurrency} for ${deployed.name} is not between 2 and 1000`,
    );
  }
  state.mappings.set(mapping.id, mapping);
}

function isConcurrency(value: number): boolean {
  return Number.isInteger(value) && value >= 2 && value <= 1_000;
}
