import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Fuzz } from './fuzz.ts';
import type { Played } from './play.ts';

const script = fileURLToPath(new URL('child.ts', import.meta.url));

/** As large as the old space of a function with 512 MB can become. */
const oldSpaceMb = 440;

/** Plays in a process of its own, whose memory is all of the inputs'; what they are told over the wire comes from this one. */
export async function playInChild(
  fuzz: Fuzz,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Played> {
  const peer = await fuzz.serve?.(seed);
  const child = spawn(
    process.execPath,
    [
      ...['--expose-gc', `--max-old-space-size=${oldSpaceMb}`, '--no-warnings', script],
      ...[fuzz.name, String(seed), String(count), peer?.address ?? ''],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  try {
    const [printed, complaints, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    if (code === 0) return JSON.parse(printed);
    return died(fuzz, count, `the process ended with ${code}: ${complaints}`);
  } finally {
    await peer?.close();
  }
}

function died({ name }: Fuzz, inputs: number, how: string): Played {
  const line = how.split('\n').find((each) => /FATAL|Error/.test(each)) ?? how.slice(0, 300);
  return {
    ...{ name, inputs, outcomes: {}, bare: 1, examples: [line] },
    ...{ slowestMs: 0, peakMiB: oldSpaceMb, heldMiB: 0 },
  };
}
