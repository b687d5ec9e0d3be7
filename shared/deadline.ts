import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` so that every outside call inside it is aborted with `signal`. A lease outlives its
 * holder's signal: no late retry of ours can land after a successor has begun.
 */
export function withinDeadline<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return current.run(signal, work);
}

/** The signal that the caller's outside calls must obey; undefined outside of `withinDeadline`. */
export function deadlineSignal(): AbortSignal | undefined {
  return current.getStore();
}
