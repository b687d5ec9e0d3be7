import type { Clock } from '#shared/time/clock.ts';
import type { Reached } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { exitCodeOf, statusPage } from './page.ts';
import { fleetStatus } from './read-status.ts';
import { type Selection, selected } from './selection.ts';

export type StatusOptions = Selection & { readonly json: boolean };

export type Seen = {
  readonly text: string;
  readonly exitCode: 0 | 1;
};

/** Reads the status and lays it out. */
export async function lookAtStatus(
  reached: Reached,
  options: StatusOptions,
  { clock, terminal }: { readonly clock: Clock; readonly terminal: Terminal },
): Promise<Seen> {
  const whole = await fleetStatus(reached);
  const status = selected(whole, options);
  const now = clock.now();
  const look = { now, width: terminal.width(), paint: terminal.paint };
  const text = options.json
    ? safeJson(status)
    : statusPage(status, whole.certificates.length, look).join('\n');
  return { text, exitCode: exitCodeOf(status, now) };
}
