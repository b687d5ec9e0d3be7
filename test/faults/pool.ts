import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { NamedCall } from './calls.ts';
import type { Case } from './strike.ts';

export type Outcome = {
  readonly case: Case;
  readonly violations: readonly string[];
  readonly struck: readonly boolean[];
  /** The calls of a world without a strike, in the order of arrival. */
  readonly calls: readonly NamedCall[];
  readonly cpuMs: number;
};

export type Pool = {
  readonly jobs: number;
  play(next: Case): Promise<Outcome>;
  close(): void;
};

const worker = new URL('./worker.ts', import.meta.url);
/** A world allocates much that is soon freed; MB. */
const execArgv = ['--max-semi-space-size=64'];

/** A process grows by about 0.3 MB with each world that it plays (1.4 GB after 3,450), and slows down. */
const playsEach = 90;

/** Runs processes that play one case after the other; as many concurrently as there are jobs. */
export function pool({ jobs }: { readonly jobs: number }): Pool {
  const idle: ChildProcess[] = [];
  const played = new WeakMap<ChildProcess, number>();
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function play(next: Case): Promise<Outcome> {
    if (busy >= jobs) await new Promise<void>((resolve) => waiting.push(resolve));
    busy += 1;
    const child = idle.pop() ?? fork(worker, { execArgv: [...process.execArgv, ...execArgv] });
    try {
      return await ask(child, next);
    } finally {
      busy -= 1;
      const plays = (played.get(child) ?? 0) + 1;
      played.set(child, plays);
      // A process that ended with its case is not used again.
      if (child.connected && plays < playsEach) idle.push(child);
      else if (child.connected) child.disconnect();
      waiting.shift()?.();
    }
  }

  return {
    jobs,
    play,
    close() {
      for (const child of idle.splice(0)) child.disconnect();
    },
  };
}

/** Longer than any case takes on a busy machine: a case that hangs, or spins, must not block the rest. */
const patienceMs = 120_000;

async function ask(child: ChildProcess, next: Case): Promise<Outcome> {
  const over = new AbortController();
  let why = 'ended';
  const hung = setTimeout(() => {
    why = `was not over after ${patienceMs / 1_000} s, and ended`;
    child.kill('SIGKILL');
  }, patienceMs);
  const { signal } = over;
  const answered = once(child, 'message', { signal }).then(([message]) => message as Outcome);
  const ended = once(child, 'exit', { signal }).then(([code, killed]) => ({
    case: next,
    violations: [`the process of this case ${why} with ${killed ?? code}`],
    struck: [],
    calls: [],
    cpuMs: 0,
  }));
  child.send(next);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    clearTimeout(hung);
    over.abort();
    await Promise.allSettled([answered, ended]);
  }
}
