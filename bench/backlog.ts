import { queueNames } from '#shared/installation.ts';
import { hourMs } from '#shared/time/clock.ts';
import { backlog } from '#test/support/backlog.ts';

/**
 * Simulates a fleet that is due at once in an account with ten executions: the real check with simulated runs (an order 60
 * s, a deploy 8 s, a proof 20 s, a look with nothing to do 0.5 s). Prints the cost per certificate.
 */
const sizes = process.argv.slice(2).map(Number);

console.log(
  'certificates   hours  messages issue/deploy/verify   runs issue/deploy/verify   S3 calls  CPU s',
);
for (const count of sizes.length > 0 ? sizes : [150, 400, 1_000]) {
  const startedAt = process.cpuUsage();
  const fleet = await backlog({ count });
  const began = fleet.clock.now().getTime();
  await fleet.live(1_000 * hourMs);
  if (fleet.finished() !== count) throw new Error(`${count - fleet.finished()} are not done`);
  const hours = (fleet.clock.now().getTime() - began) / hourMs;
  const each = (of: Readonly<Record<string, number>>) =>
    queueNames.map((kind) => ((of[kind] ?? 0) / count).toFixed(2)).join(' / ');
  const { user, system } = process.cpuUsage(startedAt);
  const cells = [
    String(count).padStart(12),
    hours.toFixed(1).padStart(6),
    each(fleet.messages).padStart(28),
    each(fleet.runs).padStart(25),
    (fleet.s3Calls() / count).toFixed(0).padStart(10),
    ((user + system) / 1e6).toFixed(0).padStart(6),
  ];
  console.log(cells.join('  '));
}
