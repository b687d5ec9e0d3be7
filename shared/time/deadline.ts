import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<AbortSignal>();

/**
 * Runs `work` so that `signal` aborts every outside call in it. A lease outlives its holder's signal, so that no late retry
 * of ours arrives after a successor has begun.
 */
export function withinDeadline<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return current.run(signal, work);
}

/** The platform ends a run 2 s after the deadline of its calls (functions/handler.ts). */
const lastWordMs = 1_500;

/**
 * Runs `work` in the reserved time, even if the deadline has passed or passes meanwhile: for what must be written down in
 * any case. It may run twice.
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

/** Says whether the run's own deadline ended something, so that nobody else failed. */
export function isPastDeadline(error: unknown): boolean {
  const signal = current.getStore();
  if (!signal?.aborted) return false;
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each === signal.reason || abortions.includes(each.name)) return true;
  }
  return false;
}

const abortions = ['AbortError', 'TimeoutError'];

/** The signal that outside calls must obey; undefined outside of `withinDeadline`. */
export function deadlineSignal(): AbortSignal | undefined {
  return current.getStore();
}

/** A signal for one outside call: it aborts after this real time, since sockets know no virtual clock, or at the caller's deadline. */
export function signalWithin(ms: number): AbortSignal {
  const own = AbortSignal.timeout(ms);
  const deadline = deadlineSignal();
  return deadline ? AbortSignal.any([own, deadline]) : own;
}
