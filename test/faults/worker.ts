import type { Outcome } from './pool.ts';
import { type Played, runCase } from './run-case.ts';
import { prepareProcess } from './start-setting.ts';
import type { Case } from './strike.ts';

prepareProcess();
// The parent process is gone, perhaps in the middle of a case.
process.on('disconnect', () => process.exit());

process.on('message', (next: Case) => {
  const before = process.cpuUsage();
  const answer = ({ violations = [], struck = [], calls = [] }: Partial<Played>) => {
    const { user, system } = process.cpuUsage(before);
    const cpuMs = Math.round((user + system) / 1_000);
    const told = next.strikes.length === 0 ? calls : [];
    return { case: next, violations, struck, calls: told, cpuMs } satisfies Outcome;
  };
  runCase(next).then(
    (played) => process.send?.(answer(played)),
    (error: Error) =>
      process.send?.(answer({ violations: [`this case broke off: ${error.stack}`] })),
  );
});
