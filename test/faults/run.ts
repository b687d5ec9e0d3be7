import type { NamedCall } from './calls.ts';
import { campaign } from './campaign.ts';
import { casesOf, numbered, regrouped } from './cases.ts';
import { lineOf, recalled } from './former-failures.ts';
import { type FaultsOptions, readOptions } from './options.ts';
import { type Outcome, pool } from './pool.ts';
import {
  countsOf,
  linesOf,
  missedProgress,
  progress,
  replayOf,
  summaryOf,
  tableOf,
} from './report.ts';
import { type Case, nameOf } from './strike.ts';

const startedAt = performance.now();
const options = asked();
const { seed } = options;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const workers = pool({ jobs: options.jobs });
const healthy = await withoutFaults();
const seen = healthy.flatMap(({ calls }) => calls);
if (options.count) count(seen);
else await strike();
workers.close();

/** The first worker, which is warm then, plays one setting after the other. */
async function withoutFaults(): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const setting of options.settings) {
    outcomes.push(await workers.play({ setting, seed, strikes: [] }));
  }
  return outcomes;
}

function count(calls: readonly NamedCall[]): void {
  if (options.names) for (const { about, nth } of calls) say(`${about} (${nth})`);
  for (const line of linesOf(countsOf(calls))) say(line);
}

async function strike(): Promise<void> {
  const calls = numbered(seen);
  const cases = casesOf(seen, options);
  const strikes = cases.flatMap((each) => each.strikes);
  say(`seed ${seed}: ${seen.length} calls, of which ${calls.length} stand for all`);
  say(`${strikes.length} runs in ${options.jobs} processes`);
  const broken = healthy.flatMap(({ violations }) => violations);
  for (const violation of broken) say(`VIOLATION without any fault: ${violation}`);
  const complaints = options.fixed ? recalled(seen).complaints : [];
  for (const complaint of complaints) say(`NOT REACHED: ${complaint}`);
  const result = await campaign(workers, cases, {
    endsAtFirst: options.first,
    regroup: (missed) => regrouped(missed, seed),
    onFinding: (finding) => tell(finding, finding.violations, calls),
    onProgress: progress(strikes.length, say),
    onMissed: missedProgress(say),
  });
  for (const missed of result.missed) {
    say(`NOT REACHED: ${missed.strikes.map(nameOf)}\n  ${replayOf(missed, calls)}`);
  }
  const table = tableOf(strikes, result);
  for (const line of linesOf(table)) say(line);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const cpuMs = Math.round(result.cpuMs / Math.max(result.worlds, 1));
  say(`${result.worlds} worlds in ${seconds} s, ${cpuMs} ms of CPU each`);
  const found = summaryOf(strikes, result);
  const violations = found.violations + broken.length + complaints.length;
  const summary = { ...found, violations };
  if (options.page) {
    const { writePage } = await import('./page.ts');
    const fixed = casesOf(seen, { ...options, fixed: true });
    writePage({ summary, seed, worlds: result.worlds, table, calls, all: seen.length, fixed });
  }
  say(options.json ? JSON.stringify(summary) : `${violations} violations`);
  process.exitCode = violations > 0 ? 1 : 0;
}

function tell(next: Case, violations: readonly string[], calls: readonly NamedCall[]): void {
  for (const each of next.strikes) say(`VIOLATION after ${nameOf(each)}`);
  for (const violation of violations) say(`  ${violation}`);
  say(`  ${replayOf(next, calls)}`);
  const line = options.fixed ? '' : lineOf(next);
  if (line) say(`  for test/faults/former-failures.ts: ${line}`);
}

function asked(): FaultsOptions {
  try {
    return readOptions(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`faults: ${(error as Error).message}\n`);
    process.exit(2);
  }
}
