import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks a person without showing what they type. Null where nobody is there, or the person ends it. */
export async function askHidden(question: string): Promise<string | null> {
  const { stderr, stdin } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true, historySize: 0 });
  const ended = new AbortController();
  lines.once('SIGINT', () => ended.abort());
  lines.once('close', () => ended.abort());
  stderr.write(question);
  try {
    return await lines.question('', { signal: ended.signal });
  } catch (error) {
    if (ended.signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
