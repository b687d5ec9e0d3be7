import { prepareProcess } from './fleet-world.ts';
import type { Case, Outcome } from './pool.ts';
import { type Played, runCase } from './run-case.ts';

/** Longer than any case takes on a busy machine: one that hangs must not hang the rest. */
const patienceMs = 120_000;

prepareProcess();
// Whoever asked is gone, in the middle of a case perhaps.
process.on('disconnect', () => process.exit());

process.on('message', (next: Case) => {
  const before = process.cpuUsage();
  const answer = ({ violations = [], struck = [], calls = [] }: Partial<Played>) => {
    const { user, system } = process.cpuUsage(before);
    const cpuMs = Math.round((user + system) / 1_000);
    const told = next.strikes.length === 0 ? calls : [];
    return { case: next, violations, struck, calls: told, cpuMs } satisfies Outcome;
  };
  const hung = setTimeout(() => {
    const violations = [`not over after ${patienceMs / 1_000} s`];
    process.send?.(answer({ violations }), () => process.exit(1));
  }, patienceMs);
  runCase(next.seed, next.strikes).then(
    (played) => {
      clearTimeout(hung);
      process.send?.(answer(played));
    },
    (error: Error) => {
      clearTimeout(hung);
      process.send?.(answer({ violations: [`this case broke off: ${error.stack}`] }));
    },
  );
});
