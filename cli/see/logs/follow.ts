import { type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import { failureText } from '../../failure.ts';
import type { Terminal } from '../../terminal.ts';
import type { LogEvent } from './log-event.ts';

const lookEveryMs = 5 * secondMs;
/** A line may be found later than one that was written after it. */
const latenessMs = 2 * minuteMs;

type Shown = {
  /** The lines that were shown already. */
  readonly events: readonly LogEvent[];
  /** Nothing older is shown. */
  readonly fromMs: number;
};

/**
 * Shows what is new again and again until Ctrl-C. A look, at all lines since a time, is told and repeated where it fails.
 */
export async function follow(
  look: (fromMs: number) => Promise<readonly LogEvent[]>,
  show: (event: LogEvent) => void,
  before: Shown,
  {
    clock,
    terminal,
  }: { readonly clock: Clock; readonly terminal: Pick<Terminal, 'interrupted' | 'complain'> },
): Promise<void> {
  const stop = new AbortController();
  const interrupted = terminal.interrupted().then(() => stop.abort());
  const shown = new Map(before.events.map(({ atMs, id }) => [id, atMs]));
  let lookedAtMs = clock.now().getTime();
  for (;;) {
    await Promise.race([clock.sleep(lookEveryMs, stop.signal).catch(ifAborted), interrupted]);
    if (stop.signal.aborted) return;
    const fromMs = Math.max(before.fromMs, lookedAtMs - latenessMs);
    const nowMs = clock.now().getTime();
    try {
      for (const event of await look(fromMs)) {
        if (!shown.has(event.id)) show(event);
        shown.set(event.id, event.atMs);
      }
      lookedAtMs = nowMs;
      for (const [id, atMs] of shown) if (atMs < fromMs) shown.delete(id);
    } catch (error) {
      terminal.complain(failureText(error));
    }
  }

  function ifAborted(error: unknown): void {
    if (!stop.signal.aborted) throw error;
  }
}
