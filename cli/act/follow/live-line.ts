import type { Terminal } from '../../terminal.ts';

const upAndClear = '\u001b[1A\u001b[2K';

/** The last line of a terminal, which changes while others are printed above it. Elsewhere there is none. */
export function liveLine(terminal: Pick<Terminal, 'isInteractive' | 'print' | 'complain'>) {
  let isShown = false;

  function print(text: string): void {
    terminal.print(isShown ? upAndClear + text : text);
    isShown = false;
  }

  return {
    print,
    show(text: string): void {
      if (!terminal.isInteractive) return;
      print(text);
      isShown = true;
    },
    complain(text: string): void {
      // It stays where it is: what goes to where errors go cannot take its place.
      isShown = false;
      terminal.complain(text);
    },
  };
}
