import { parseArgs } from 'node:util';
import { prepareProcess } from '#test/faults/start-setting.ts';
import { limitMs } from './fleet/latencies.ts';
import { type Played, play, type Row } from './fleet/play.ts';

/**
 * Plays fleets that are due at once, from the check that finds them until each endpoint has proven its certificate: the whole
 * of certkeep on the local cloud, with the template's rights, queues and limits, on a clock that moves only when nothing else
 * happens. Latencies are assumed (bench/fleet/latencies.ts), and the limit is computed from the same ones. Everything runs in
 * one process, so the time of its processor does not count.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Only rows of so many certificates. */
    only: { type: 'string' },
    /** Only rows whose name contains this text. */
    row: { type: 'string', default: '' },
  },
});

const home = ['us-east-1'];
const three = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const rows: readonly Row[] = [
  { n: 1, regions: home, executions: null, due: 'old' },
  { n: 50, regions: home, executions: null, due: 'old' },
  { n: 150, regions: home, executions: null, due: 'old' },
  { n: 150, regions: home, executions: null, due: 'first' },
  { n: 1_000, regions: home, executions: 50, due: 'old' },
  { n: 1_000, regions: home, executions: null, due: 'old' },
  { n: 1_000, regions: home, executions: 50, due: 'first' },
  { n: 1_000, regions: three, executions: 50, due: 'old' },
  { n: 50, regions: home, executions: null, due: 'recalled' },
  { n: 1_000, regions: home, executions: 50, due: 'recalled' },
];

const whats = { old: 'renewals', first: 'first issuances', recalled: 'recalled at once' };

function nameOf({ n, regions, executions, due }: Row): string {
  const what = whats[due];
  const where = regions.length === 1 ? 'one region' : `${regions.length} regions`;
  return `${n} ${what}, ${where}, ${executions === null ? 'ten executions' : `concurrency ${executions}`}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function lineOf(row: Row, played: Played) {
  const { issued, imported, proven, failed, messages, starts, calls, told } = played;
  const seconds = Math.max(...proven);
  const limitSeconds = limitMs(row.n) / 1_000;
  return {
    row: nameOf(row),
    n: row.n,
    places: row.regions.length,
    executions: row.executions ?? 10,
    seconds: Math.round(seconds),
    limitSeconds: Math.round(limitSeconds),
    ratio: Number((seconds / limitSeconds).toFixed(2)),
    proven: proven.length,
    failed,
    medians: {
      issued: Math.round(median(issued)),
      imported: Math.round(median(imported)),
      proven: Math.round(median(proven)),
    },
    first: { issued: Math.round(Math.min(...issued)) },
    last: { issued: Math.round(Math.max(...issued)), imported: Math.round(Math.max(...imported)) },
    told,
    messages,
    starts,
    calls,
  };
}

prepareProcess();
const played = [];
for (const row of rows) {
  if (values.only !== undefined && row.n !== Number(values.only)) continue;
  if (!nameOf(row).includes(values.row)) continue;
  const begunAt = performance.now();
  const line = lineOf(
    row,
    await play(row, (text) => process.stderr.write(`${nameOf(row)}: ${text}\n`)),
  );
  const took = Math.round((performance.now() - begunAt) / 1_000);
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  console.log(
    `${line.row}: ${line.seconds} s of ${line.limitSeconds} s (${line.ratio}); medians: issued ${line.medians.issued}, in ACM ${line.medians.imported}, proven ${line.medians.proven} s; the first issued after ${line.first.issued} s; ${line.told} messages to people; ${failedText(line.failed)}; ${took} s of real time, ${memory} MiB`,
  );
  console.log(`  messages ${JSON.stringify(line.messages)}, starts ${JSON.stringify(line.starts)}`);
  console.log(`  requests ${JSON.stringify(line.calls)}`);
  played.push(line);
}
if (values.json) console.log(JSON.stringify({ rows: played }));

function failedText(count: number): string {
  return count === 0 ? 'none failed' : `${count} failures`;
}
