import { once } from 'node:events';
import { colorPaint, type Paint, plainPaint } from './text/paint.ts';

/** Where a command writes, and what it may know of that. */
export type Terminal = {
  /** A person looks at it, and it can be drawn anew. */
  readonly isInteractive: boolean;
  readonly paint: Paint;
  /** In columns, now: people resize windows. */
  width(): number;
  /** In lines. */
  height(): number;
  print(text: string): void;
  /** Writes to where errors go. */
  complain(text: string): void;
  /** Resolves at Ctrl-C, which ends the process by itself where nobody has asked. */
  interrupted(): Promise<void>;
};

/** A table needs so many; a narrower terminal breaks its lines. */
const usualWidth = 80;
const usualHeight = 24;

/** The terminal, or the pipe, of this process. */
export function processTerminal(): Terminal {
  const { env, stderr, stdout } = process;
  // Whoever reads the pipe has seen enough, as `head` does.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const isInteractive = stdout.isTTY === true;
  const hasColor = isInteractive && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    isInteractive,
    paint: hasColor ? colorPaint : plainPaint,
    width: () => Math.max(usualWidth, (stdout.columns ?? Number(env.COLUMNS)) || usualWidth),
    height: () => stdout.rows ?? usualHeight,
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    interrupted: async () => {
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    },
  };
}
