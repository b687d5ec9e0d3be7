import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` so that every outside call inside it is aborted with `signal`. A lease outlives its
 * holder's signal: no late retry of ours can land after a successor has begun.
 */
export function withinDeadline<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return current.run(signal, work);
}

/** Between the deadline of a run's calls and its end by the platform there are 2 s (functions/handler.ts). */
const lastWordMs = 1_500;

/**
 * Runs `work` although the deadline has passed, or passes meanwhile, in the time that is kept back: for what must be
 * written down all the same. It may run twice.
 */
export async function withLastWord<T>(work: () => Promise<T>): Promise<T> {
  const signal = current.getStore();
  try {
    if (!signal?.aborted) return await work();
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  return withinDeadline(AbortSignal.timeout(lastWordMs), work);
}

/** Whether the run's own deadline has ended something, and no failure of anybody else. */
export function isPastDeadline(error: unknown): boolean {
  const signal = current.getStore();
  if (!signal?.aborted) return false;
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each === signal.reason || abortions.includes(each.name)) return true;
  }
  return false;
}

const abortions = ['AbortError', 'TimeoutError'];

/** The signal that the caller's outside calls must obey; undefined outside of `withinDeadline`. */
export function deadlineSignal(): AbortSignal | undefined {
  return current.getStore();
}

/** For one outside call: aborts after so long, in real time since sockets know no other, and with the caller's deadline. */
export function signalWithin(ms: number): AbortSignal {
  const own = AbortSignal.timeout(ms);
  const deadline = deadlineSignal();
  return deadline ? AbortSignal.any([own, deadline]) : own;
}
