import type { Clock } from '../clock.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import type { LambdaState } from '../services/lambda/state.ts';
import { queueSource } from './queue-source.ts';
import type { WorkSource } from './work.ts';

/** One poller per event source mapping, created at the first look. */
export function pollers(options: {
  readonly lambda: LambdaState;
  readonly rights: FunctionRights;
  readonly clock: Clock;
  readonly onArrival: () => void;
  readonly onProblem: (problem: string) => void;
}): () => readonly WorkSource[] {
  const { clock, lambda, onProblem, rights } = options;
  const known = new Map<string, WorkSource>();

  function pollerOf(id: string, queueArn: string): readonly WorkSource[] {
    const there = known.get(id);
    const queue = there ? null : lambda.queue(queueArn);
    if (!queue) return there ? [there] : [];
    queue.onArrival(options.onArrival);
    const made = queueSource({
      queue,
      clock,
      mapping: () => lambda.mappings.get(id),
      functionAt: (arn) => lambda.functions.get(arn),
      rights,
      onProblem,
    });
    known.set(id, made);
    return [made];
  }

  return () => [...lambda.mappings.values()].flatMap(({ id, queueArn }) => pollerOf(id, queueArn));
}
