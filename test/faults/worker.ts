import { prepareProcess } from './fleet-world.ts';
import type { Case, Outcome } from './pool.ts';
import { runCase } from './run-case.ts';

/** Longer than any case takes on a busy machine: one that hangs must not hang the rest. */
const patienceMs = 120_000;

prepareProcess();
// Whoever asked is gone, in the middle of a case perhaps.
process.on('disconnect', () => process.exit());

process.on('message', (next: Case) => {
  const before = process.cpuUsage();
  const answer = (violations: readonly string[], struck: readonly boolean[]) => {
    const { user, system } = process.cpuUsage(before);
    const cpuMs = Math.round((user + system) / 1_000);
    return { case: next, violations, struck, cpuMs } satisfies Outcome;
  };
  const hung = setTimeout(() => {
    process.send?.(answer([`not over after ${patienceMs / 1_000} s`], []), () => process.exit(1));
  }, patienceMs);
  runCase(next.seed, next.strikes).then(
    ({ violations, struck }) => {
      clearTimeout(hung);
      process.send?.(answer(violations, struck));
    },
    (error: Error) => {
      clearTimeout(hung);
      process.send?.(answer([`this case broke off: ${error.stack}`], []));
    },
  );
});
