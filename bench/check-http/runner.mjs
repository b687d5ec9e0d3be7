import { readFileSync } from 'node:fs';

/** Runs a bundled handler so often, one after the other, and prints what each run took. */
const [, , entry, count] = process.argv;
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
const begunAt = performance.now();
const cpuBefore = process.cpuUsage();
const { handler } = await import(entry);
for (let run = 0; run < Number(count); run += 1) {
  const at = run === 0 ? begunAt : performance.now();
  const cpu = run === 0 ? cpuBefore : process.cpuUsage();
  const deadline = Date.now() + 900_000;
  const context = {
    awsRequestId: `run-${run}`,
    invokedFunctionArn: process.env.CERTKEEP_CHECK_ARN,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  await handler({}, context).catch((error) =>
    console.log(`{"level":"ERROR","error":${JSON.stringify(String(error).slice(0, 600))}}`),
  );
  const used = process.cpuUsage(cpu);
  const rssMiB = Math.round(peakKiB() / 1024);
  console.log(
    JSON.stringify({
      run: { ms: performance.now() - at, cpuMs: (used.user + used.system) / 1000, rssMiB },
    }),
  );
}
// What was printed before is out by then.
process.stdout.write('', () => process.exit(0));

/** Linux counts the memory of the parent at the start of a process as its own in `maxRSS`; VmHWM begins with the program. */
function peakKiB() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
