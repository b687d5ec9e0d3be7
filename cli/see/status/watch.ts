import { type Clock, secondMs } from '#shared/time/clock.ts';
import { failureText } from '../../failure.ts';
import type { Terminal } from '../../terminal.ts';
import type { Seen } from './status.ts';

/** Check writes every ten minutes; this shows it soon, and is a request of a small object. */
const lookEveryMs = 5 * secondMs;
const clearScreen = '\u001b[H\u001b[2J';

/**
 * Looks again and again until Ctrl-C, and returns the exit code of the last look. A terminal is drawn anew; elsewhere only
 * what has changed is printed. A look that fails after the first one is told, and repeated.
 */
export async function watch(
  look: () => Promise<Seen>,
  { clock, terminal }: { readonly clock: Clock; readonly terminal: Terminal },
): Promise<number> {
  const stop = new AbortController();
  const interrupted = terminal.interrupted().then(() => stop.abort());
  let seen = await look();
  show(seen.text, terminal);
  while (!stop.signal.aborted) {
    await Promise.race([clock.sleep(lookEveryMs, stop.signal).catch(ifAborted), interrupted]);
    if (stop.signal.aborted) break;
    const before = seen;
    try {
      seen = await look();
      if (terminal.isInteractive || seen.text !== before.text) show(seen.text, terminal);
    } catch (error) {
      terminal.complain(failureText(error));
    }
  }
  return seen.exitCode;

  function ifAborted(error: unknown): void {
    if (!stop.signal.aborted) throw error;
  }
}

function show(text: string, terminal: Terminal): void {
  terminal.print(terminal.isInteractive ? clearScreen + onScreen(text, terminal) : text);
}

/** The worst comes first, so the end may be left out. */
function onScreen(text: string, terminal: Terminal): string {
  const lines = text.split('\n');
  const room = terminal.height() - 2;
  if (lines.length <= room) return text;
  const left = lines.length - room;
  return [...lines.slice(0, room), terminal.paint('dim', `(${left} more below)`)].join('\n');
}
