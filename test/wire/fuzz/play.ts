import { readFileSync, writeFileSync } from 'node:fs';
import { randomOf } from 'local-cloud/kit/determinism.ts';
import type { Fuzz } from './fuzz.ts';

export type Played = {
  readonly name: string;
  readonly inputs: number;
  /** How often each came. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Errors that have no name of ours. */
  readonly bare: number;
  /** The first of them, each with the number of its input. */
  readonly examples: readonly string[];
  readonly slowestMs: number;
  /** How much more memory the process took than before the first input, at most; and how much is still held. */
  readonly peakMiB: number;
  readonly heldMiB: number;
};

const mostExamples = 5;
const mib = 1 << 20;

/** Inputs before memory is looked at: what is loaded and compiled then is not theirs. */
const warmUp = 20;
const clearedEvery = 100;

/** Plays the inputs `first` … of a seed: each has a random of its own, so that it can be played alone. */
export async function play(
  fuzz: Fuzz,
  {
    seed,
    first = 0,
    count,
  }: { readonly seed: number; readonly first?: number; readonly count: number },
  address = '',
): Promise<Played> {
  const once = await fuzz.start(address);
  const outcomes = new Map<string, number>();
  const examples: string[] = [];
  let bare = 0;
  let slowestMs = 0;
  const one = async (nth: number) => {
    const random = randomOf(seed * 1_000_003 + nth);
    const startedAt = performance.now();
    try {
      const outcome = await once(random, nth);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      bare += 1;
      if (examples.length < mostExamples) examples.push(`input ${nth}: ${shown(error)}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  };
  const warm = fuzz.isLarge ? 0 : Math.min(warmUp, count);
  for (let nth = first; nth < first + warm; nth += 1) await one(nth);
  const memory = memoryFromHere();
  for (let nth = first + warm; nth < first + count; nth += 1) {
    await one(nth);
    memory.look();
    // What one input takes is looked at, and not what nobody has cleared away yet.
    if (nth % (fuzz.isLarge ? 1 : clearedEvery) === 0) globalThis.gc?.();
  }
  return {
    name: fuzz.name,
    inputs: count,
    outcomes: Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
    bare,
    examples,
    slowestMs: Math.round(slowestMs),
    ...memory.grown(),
  };
}

function memoryFromHere() {
  const collect = globalThis.gc ?? (() => undefined);
  collect();
  const isForgotten = forgetPeak();
  const rss = process.memoryUsage.rss();
  const { heapUsed } = process.memoryUsage();
  let seen = rss;
  return {
    look() {
      seen = Math.max(seen, process.memoryUsage.rss());
    },
    grown() {
      const most = isForgotten ? peakRss() : seen;
      collect();
      return {
        peakMiB: Math.round((most - rss) / mib),
        heldMiB: Math.round((process.memoryUsage().heapUsed - heapUsed) / mib),
      };
    },
  };
}

/** Linux alone can forget the most that a process had before (proc(5), clear_refs). */
function forgetPeak(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

function peakRss(): number {
  const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) * 1_024;
}

function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 300);
  const at = error.stack?.split('\n').find((line) => /\/(shared|functions)\//.test(line)) ?? '';
  const { code = '' } = error as { code?: string };
  return `${error.name} ${code} ${error.message.slice(0, 300)} ${at.trim()}`;
}
