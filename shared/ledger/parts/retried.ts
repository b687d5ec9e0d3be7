import { isLimit } from '../backoff.ts';
import type { Failure, FallbackState } from '../record/record.ts';
import type { PartOf } from './part.ts';

/*
 * A person has repaired something and asks check to retry waiting work. Only check writes the wish; each writer applies it
 * with its next write, and until then everybody reads its object as if it were applied. Rate limits are respected all the
 * same.
 */

/** @param at the time of the wish */
export function issueRetried(part: PartOf['issue'], at: string): PartOf['issue'] {
  const { acquireFailure, dueWhenIssued, fallbacks, revokeTried } = part;
  return {
    ...part,
    acquireFailure: acquireFailure && due(acquireFailure, at),
    ...(dueWhenIssued && {
      dueWhenIssued: { ...dueWhenIssued, failure: due(dueWhenIssued.failure, at) },
    }),
    ...(revokeTried?.failure && {
      revokeTried: { ...revokeTried, failure: due(revokeTried.failure, at) },
    }),
    fallbacks: mapped(fallbacks, (state) => fallbackDue(state, at)),
  };
}

export function deployRetried(part: PartOf['deploy'], at: string): PartOf['deploy'] {
  return {
    ...part,
    imports: mapped(part.imports, (entry) => ({
      ...entry,
      publishFailure: entry.publishFailure && due(entry.publishFailure, at),
      leaving: entry.leaving && {
        ...entry.leaving,
        lookAgainAt: earlier(entry.leaving.lookAgainAt, at),
      },
    })),
    deployments: mapped(part.deployments, (each) => ({ ...each, ...askedAgain(each, at) })),
  };
}

export function verifyRetried(part: PartOf['verify'], at: string): PartOf['verify'] {
  const verdicts = mapped(part.verdicts, (each) => ({ ...each, ...askedAgain(each, at) }));
  return { ...part, verdicts };
}

function askedAgain(
  {
    failure,
    nextProbeAt,
  }: { readonly failure: Failure | null; readonly nextProbeAt: string | null },
  at: string,
) {
  return {
    failure: failure && due(failure, at),
    nextProbeAt: nextProbeAt && earlier(nextProbeAt, at),
  };
}

function due(failure: Failure, at: string): Failure {
  if (isLimit(failure.error)) return failure;
  return { ...failure, nextAttemptAt: earlier(failure.nextAttemptAt, at) };
}

function fallbackDue(state: FallbackState, at: string): FallbackState {
  const waits = state.failure !== null && !isLimit(state.failure.error);
  return waits ? { ...state, nextCheckAt: earlier(state.nextCheckAt, at) } : state;
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function mapped<Value>(
  entries: Readonly<Record<string, Value>>,
  change: (value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, change(value)]));
}
