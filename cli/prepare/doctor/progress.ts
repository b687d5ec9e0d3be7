import type { Terminal } from '../../terminal.ts';
import { cut } from '../../text/width.ts';
import type { Progress } from './examine.ts';

const upAndClear = '\u001b[1A\u001b[2K';

/** One line that tells how far it is, on a terminal alone. `end` takes it away. */
export function progressOn(terminal: Terminal): { readonly tell: Progress; end(): void } {
  if (!terminal.isInteractive) return { tell: () => undefined, end: () => undefined };
  let isShown = false;
  return {
    tell(done, of, title) {
      const line = cut(`${done} of ${of} questions are answered (${title})`, terminal.width());
      terminal.print(`${isShown ? upAndClear : ''}${line}`);
      isShown = true;
    },
    end() {
      if (isShown) terminal.print(`${upAndClear}\u001b[1A`);
      isShown = false;
    },
  };
}
