export type Progress = {
  /** Prints a line that stays. */
  line(text: string): void;
  /** Shows what is being waited for: on a terminal one line that changes, elsewhere a line now and then. */
  status(text: string): void;
  end(): void;
};

const spinner = ['|', '/', '-', '\\'];
const plainEveryMs = 5_000;

export function progress(startedAt: number, out: NodeJS.WriteStream = process.stdout): Progress {
  let turn = 0;
  let toldAt = performance.now();
  let shown = false;

  function clear(): void {
    if (shown) out.write('\r\u001b[2K');
    shown = false;
  }

  return {
    line(text) {
      clear();
      toldAt = performance.now();
      out.write(`${text}\n`);
    },
    status(text) {
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5);
      if (out.isTTY) {
        clear();
        turn = (turn + 1) % spinner.length;
        out.write(`${seconds} s  ${spinner[turn]} ${text}`);
        shown = true;
      } else if (performance.now() - toldAt > plainEveryMs) {
        toldAt = performance.now();
        out.write(`${seconds} s  ... ${text}\n`);
      }
    },
    end: clear,
  };
}
