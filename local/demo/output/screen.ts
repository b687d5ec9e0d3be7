import type { Terminal } from '#cli/terminal.ts';

export type Screen = {
  /** Prints a line that stays. */
  line(text: string): void;
  /**
   * Shows how things stand, the most important line first: on a terminal as a block that is drawn anew in its place,
   * elsewhere the first line now and then.
   */
  block(lines: readonly string[]): void;
  /** Takes the block away. */
  end(): void;
};

export type ScreenTerminal = Pick<Terminal, 'isInteractive' | 'width' | 'height' | 'print'> & {
  /** Writes without ending the line. */
  write(text: string): void;
};

/** Where nothing can be drawn anew, each wait is longer than the one before: some twenty lines an hour. */
const plainWaitsMs = [5_000, 10_000, 20_000, 40_000, 60_000, 120_000, 240_000];

export function screen(terminal: ScreenTerminal, now = () => performance.now()): Screen {
  let drawn = 0;
  let told = 0;
  let toldAt = now();

  function clear(): void {
    // To the first line of the block, and from there to the end of the screen.
    if (drawn > 0) terminal.write(`\u001b[${drawn}A\r\u001b[J`);
    drawn = 0;
  }

  function draw(lines: readonly string[]): void {
    // A block that is higher than the screen could not be taken away again.
    const shown = lines.slice(0, Math.max(1, terminal.height() - 1));
    terminal.write(shown.map((line) => `${line}\n`).join(''));
    drawn = shown.length;
  }

  function tell([first = '']: readonly string[]): void {
    const waitMs = plainWaitsMs[Math.min(told, plainWaitsMs.length - 1)] ?? 0;
    if (now() - toldAt < waitMs) return;
    told += 1;
    toldAt = now();
    terminal.print(first);
  }

  return {
    line(text) {
      clear();
      terminal.print(text);
    },
    block(lines) {
      if (!terminal.isInteractive) return tell(lines);
      clear();
      draw(lines);
    },
    end: clear,
  };
}
