import { createInterface } from 'node:readline/promises';

/** Whoever may be asked something while a command runs. */
export type Person = {
  /** False where nobody reads what is asked, or nobody can answer, as in a pipe. */
  readonly isThere: boolean;
  /** Returns the answer; null where the person has gone, by Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | null>;
};

/** The person at the terminal of this process. The question goes to where errors go: the output may be read by a program. */
export function personHere(): Person {
  const { stderr: output, stdin: input } = process;
  return {
    isThere: input.isTTY === true && output.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input, output });
      const gone = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
      try {
        return await Promise.race([lines.question(question).catch(() => null), gone]);
      } finally {
        lines.close();
      }
    },
  };
}
