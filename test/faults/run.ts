import { representatives } from './calls.ts';
import { campaign } from './campaign.ts';
import { groupsOf } from './cases.ts';
import { type FaultsOptions, readOptions } from './options.ts';
import { pool } from './pool.ts';
import { progress, replayOf, summaryOf, tableOf } from './report.ts';
import { nameOf } from './strike.ts';

const startedAt = performance.now();
const options = asked();
const { seed } = options;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const workers = pool({ jobs: options.jobs });
// By the first of the workers, which is warm then.
const healthy = await workers.play({ seed, strikes: [] });
const calls = representatives(healthy.calls);
const groups = groupsOf(calls, options);
const strikes = groups.flat();
say(`seed ${seed}: ${healthy.calls.length} calls, of which ${calls.length} stand for all`);
say(`${strikes.length} runs in ${options.jobs} processes`);
for (const violation of healthy.violations) say(`VIOLATION without any fault: ${violation}`);

const result = await campaign(workers, seed, groups, {
  onFinding({ strikes: these, violations }) {
    for (const strike of these) say(`VIOLATION after ${nameOf(strike)}`);
    for (const violation of violations) say(`  ${violation}`);
    say(`  ${replayOf(these, calls, seed)}`);
  },
  onProgress: progress(strikes.length, say),
});
workers.close();

for (const strike of result.missed) {
  say(`NOT REACHED: ${nameOf(strike)}\n  ${replayOf([strike], calls, seed)}`);
}
for (const row of tableOf(strikes, result)) {
  say(
    row
      .map((text) => text.padEnd(15))
      .join('')
      .trimEnd(),
  );
}
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const cpuMs = Math.round(result.cpuMs / Math.max(result.worlds, 1));
say(`${result.worlds} worlds in ${seconds} s, ${cpuMs} ms of CPU each`);
const found = summaryOf(strikes, result);
const summary = { ...found, violations: found.violations + healthy.violations.length };
const { worlds } = result;
const table = tableOf(strikes, result);
if (options.page) {
  const { writePage } = await import('./page.ts');
  writePage({ summary, seed, worlds, table, calls, all: healthy.calls.length });
}
say(options.json ? JSON.stringify(summary) : `${summary.violations} violations`);
process.exitCode = summary.violations > 0 ? 1 : 0;

function asked(): FaultsOptions {
  try {
    return readOptions(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`faults: ${(error as Error).message}\n`);
    process.exit(2);
  }
}
