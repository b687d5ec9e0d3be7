import { createInterface } from 'node:readline/promises';

/** Asks a person on a terminal. */
export type Prompt = {
  /** Null where the person ends it, by Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | null>;
};

type Streams = { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream };

/** Null where nobody can be asked: in a script, or where the answers would come from a file. */
export function processPrompt(
  { input, output }: Streams = { input: process.stdin, output: process.stdout },
): Prompt | null {
  if (!input.isTTY || !output.isTTY) return null;
  return {
    async ask(question) {
      const lines = createInterface({ input, output });
      const ended = new AbortController();
      lines.once('SIGINT', () => ended.abort());
      lines.once('close', () => ended.abort());
      try {
        return await lines.question(question, { signal: ended.signal });
      } catch (error) {
        if (ended.signal.aborted) return null;
        throw error;
      } finally {
        lines.close();
      }
    },
  };
}
