import { systemClock } from '#shared/time/clock.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { lookAtStatus, type StatusOptions } from './status.ts';
import { watch } from './watch.ts';

/** Prints how all certificates are, and returns the exit code. */
export async function status(
  options: ReachOptions & StatusOptions & { readonly watch: boolean },
  terminal: Terminal,
): Promise<number> {
  const ports = { clock: systemClock, terminal };
  const reached = await reach(options);
  const look = () => lookAtStatus(reached, options, ports);
  if (options.watch) return watch(look, ports);
  const { exitCode, text } = await look();
  terminal.print(text);
  return exitCode;
}
