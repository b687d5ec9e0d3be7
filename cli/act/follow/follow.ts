import { inBatches } from '#shared/each.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import { CommandFailed, failureText } from '../../failure.ts';
import type { Terminal } from '../../terminal.ts';
import { endLines, stepLines, waitingLine } from './lines.ts';
import { liveLine } from './live-line.ts';
import { type Progress, progressOf, type Start } from './progress.ts';

export type FollowPorts = {
  readonly read: (id: string) => Promise<CertificateRecord | null>;
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** Returns the command that shows a certificate. */
  readonly showCommand: (id: string) => string;
  /** The command that looks at what a renewal needs. */
  readonly doctorCommand: string;
};

type Unfinished = { readonly id: string; readonly lacks: string; readonly mends?: 'doctor' };

const lookEveryMs = 2 * secondMs;
/** Each is read by some ten requests. */
const atOnce = 4;
/** A CA, or the turn of a large fleet, may take long; after that a person had better look for the cause. */
const stalledAfterMs = 30 * minuteMs;

/**
 * Tells the steps of certificates until what was asked for is done or has failed, and returns the exit code. Ctrl-C ends the telling,
 * and not the work.
 */
export async function follow(starts: readonly Start[], ports: FollowPorts): Promise<number> {
  const { clock, terminal } = ports;
  const stop = new AbortController();
  void terminal.interrupted().then(() => stop.abort());
  const began = clock.now().getTime();
  const live = liveLine(terminal);
  const told = new Set<string>();
  let open = starts;
  let unfinished: readonly Unfinished[] = [];
  let movedAt = began;
  let lastTrouble = '';
  for (let look = 0; ; look += 1) {
    const seen = await looked();
    if (stop.signal.aborted) return left('you have stopped looking');
    for (const { progress, start } of seen) tell(start, progress);
    if (open.length === 0) return closed();
    const nowMs = clock.now().getTime();
    if (nowMs - movedAt >= stalledAfterMs) {
      return left(`nothing has happened for ${stalledAfterMs / minuteMs} minutes`);
    }
    const waiting = seen
      .filter(({ start }) => open.includes(start))
      .map(({ progress, start }) => ({ id: start.id, waitsFor: progress.waitsFor }));
    const seconds = Math.round((nowMs - began) / secondMs);
    if (waiting.length > 0)
      live.show(waitingLine(waiting, { look, seconds, width: terminal.width() }));
    await clock.sleep(lookEveryMs, stop.signal).catch(ifStopped);
    if (stop.signal.aborted) return left('you have stopped looking');
  }

  /** A look that fails is told once, and repeated: the work goes on. */
  async function looked() {
    try {
      const records = await inBatches(open, atOnce, ({ id }) => ports.read(id));
      return open.map((start, index) => ({
        start,
        progress: progressOf(start, records[index] ?? null),
      }));
    } catch (error) {
      const text = failureText(error);
      if (text !== lastTrouble) live.complain(text);
      lastTrouble = text;
      return [];
    }
  }

  function tell(start: Start, { end, steps }: Progress): void {
    const { id } = start;
    const width = terminal.width();
    for (const step of steps) {
      const key = `${id} ${step.key}`;
      if (told.has(key)) continue;
      told.add(key);
      movedAt = clock.now().getTime();
      for (const line of stepLines(id, step, width)) live.print(line);
    }
    if (!end) return;
    open = open.filter((each) => each !== start);
    if (end.is === 'open') unfinished = [...unfinished, { id, ...end }];
    const style = end.is === 'done' ? 'green' : 'red';
    for (const line of endLines(id, end.text, width)) live.print(terminal.paint(style, line));
  }

  function closed(): number {
    const [first] = unfinished;
    if (first === undefined) return 0;
    const are =
      unfinished.length === 1
        ? `${first.id} ${first.lacks}`
        : `${unfinished.length} are not ${first.mends === 'doctor' ? 'ready for a renewal' : 'served'}`;
    const next = first.mends === 'doctor' ? ports.doctorCommand : ports.showCommand(first.id);
    live.complain(failureText(new CommandFailed(are, next)));
    return 1;
  }

  function left(why: string): number {
    const ids = open.map(({ id }) => id);
    const goesOn = `the work on ${ids.join(', ')} goes on by itself`;
    const next = ports.showCommand(ids[0] ?? '');
    live.complain(failureText(new CommandFailed(`${why}; ${goesOn}`, next)));
    return 1;
  }

  function ifStopped(error: unknown): void {
    if (!stop.signal.aborted) throw error;
  }
}
