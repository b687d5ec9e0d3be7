import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startPebble } from 'local-cloud/ca/pebble.ts';
import { systemClock } from '#shared/time/clock.ts';
import { type Lego, openLego } from './acme/lego.ts';
import { startProxy } from './acme/proxy.ts';

/**
 * Measures the cost of a certificate: requests, time over longer and longer lines, CPU, and certificates per second with
 * ten at once. It compares certkeep's issue stage, acme-client's own flow and lego on the same Pebble. It needs PEBBLE
 * (2.10 or later), and LEGO for lego's column. `--json` prints one JSON object on the last line.
 */
const pebbleBinary = process.env.PEBBLE ?? '';
const legoBinary = process.env.LEGO ?? '';
if (!pebbleBinary) {
  console.error(
    'Set PEBBLE to the binary of Pebble (and LEGO to that of lego): see docs/performance.md.',
  );
  process.exit(1);
}

const roundTripsMs = [0, 25, 100];
const worker = new URL('./acme/worker.ts', import.meta.url).pathname;

type Step = { wildcard: boolean; warm: boolean; ms: number; requests: number; connections: number };
type Row = {
  readonly client: string;
  readonly requests: { readonly cold: number; readonly warm: number };
  readonly requestsTwoNames: { readonly cold: number; readonly warm: number };
  readonly connections: number;
  /** Times by round trip. */
  readonly coldMs: Readonly<Record<string, number>>;
  readonly warmMs: Readonly<Record<string, number>>;
  readonly cpuMs: number;
  readonly perSecond: number;
};

const temporary = await mkdtemp(join(tmpdir(), 'certkeep-bench-'));
const pebble = await startPebble({
  binary: pebbleBinary,
  dnsAddress: '127.0.0.1:1',
  directory: join(temporary, 'pebble'),
  environment: {
    PEBBLE_VA_ALWAYS_VALID: '1',
    PEBBLE_WFE_NONCEREJECT: '0',
    PEBBLE_AUTHZREUSE: '0',
  },
});
const rootFile = join(temporary, 'root.pem');
await writeFile(rootFile, pebble.rootPem);
try {
  const rows = [await measureNode('certkeep'), await measureNode('acme-client')];
  if (legoBinary) rows.push(await measureLego(await openLego(legoBinary, temporary, rootFile)));
  print(rows);
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model };
  if (process.argv.includes('--json')) console.log(JSON.stringify({ machine, rows }));
} finally {
  await pebble.close();
  await rm(temporary, { recursive: true });
}

async function measureNode(client: string): Promise<Row> {
  const byRoundTrip = new Map<number, readonly Step[]>();
  for (const rttMs of roundTripsMs) {
    byRoundTrip.set(rttMs, await overProxy(rttMs, (url, count) => stepsOf(client, url, count)));
  }
  const { cpuMs } = await last(client, 'cpu');
  const { perSecond } = await last(client, 'many');
  return rowOf(client, byRoundTrip, cpuMs ?? 0, perSecond ?? 0);
}

async function measureLego(lego: Lego): Promise<Row> {
  const byRoundTrip = new Map<number, readonly Step[]>();
  let made = 0;
  const names = (wildcard: boolean) => {
    made += 1;
    const base = `lego${made}.example.com`;
    return wildcard ? [base, `*.${base}`] : [base];
  };
  for (const rttMs of roundTripsMs) {
    const steps = await overProxy(rttMs, async (url, count) => {
      const found: Step[] = [];
      for (const wildcard of [false, true]) {
        const fresh = await openLego(legoBinary, temporary, rootFile);
        for (const warm of [false, true]) {
          const { ms } = await fresh.issue(url, names(wildcard));
          found.push({ wildcard, warm, ms, ...(await count()) });
        }
      }
      return found;
    });
    byRoundTrip.set(rttMs, steps);
  }
  const { directoryUrl } = pebble;
  const cpu: number[] = [];
  for (let index = 0; index < 20; index += 1) {
    cpu.push((await lego.issue(directoryUrl, names(false))).cpuMs);
  }
  const startedAt = performance.now();
  const each = 10;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let index = 0; index < each; index += 1) await lego.issue(directoryUrl, names(false));
    }),
  );
  const perSecond = (10 * each * 1_000) / (performance.now() - startedAt);
  const cpuMs = cpu.reduce((sum, ms) => sum + ms, 0) / cpu.length;
  return rowOf('lego', byRoundTrip, cpuMs, perSecond);
}

type Count = () => Promise<{ requests: number; connections: number }>;

/** Runs `work` with a URL behind the longer line, and a function that returns the counts since its last call. */
async function overProxy<T>(
  rttMs: number,
  work: (directoryUrl: string, count: Count) => Promise<T>,
): Promise<T> {
  const { port } = new URL(pebble.directoryUrl);
  const proxy = await startProxy(Number(port), rttMs);
  let before = { requests: pebble.requests(), connections: 0 };
  try {
    return await work(`https://127.0.0.1:${proxy.port}/dir`, async () => {
      // Pebble's log arrives through a pipe.
      await systemClock.sleep(100);
      const now = { requests: pebble.requests(), connections: proxy.connections() };
      const since = {
        requests: now.requests - before.requests,
        connections: now.connections - before.connections,
      };
      before = now;
      return since;
    });
  } finally {
    await proxy.close();
  }
}

async function stepsOf(
  client: string,
  directoryUrl: string,
  count: Count,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const child = start(client, 'steps', directoryUrl);
  for await (const line of createInterface({ input: child.stdout })) {
    steps.push({ ...JSON.parse(line), ...(await count()) });
    child.stdin.write('on\n');
  }
  return steps;
}

async function last(client: string, what: string): Promise<Record<string, number>> {
  let found = '{}';
  const child = start(client, what, pebble.directoryUrl);
  for await (const line of createInterface({ input: child.stdout })) found = line;
  return JSON.parse(found);
}

function start(client: string, what: string, directoryUrl: string) {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: rootFile };
  const argv = [worker, client, what, directoryUrl, rootFile];
  return spawn(process.execPath, argv, { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

function rowOf(
  client: string,
  byRoundTrip: ReadonlyMap<number, readonly Step[]>,
  cpuMs: number,
  perSecond: number,
): Row {
  const step = (rttMs: number, wildcard: boolean, warm: boolean) => {
    const found = byRoundTrip
      .get(rttMs)
      ?.find((each) => each.wildcard === wildcard && each.warm === warm);
    if (!found) throw new Error(`${client}: no measurement at ${rttMs} ms`);
    return found;
  };
  const times = (warm: boolean) =>
    Object.fromEntries(
      roundTripsMs.map((rttMs) => [rttMs, Math.round(step(rttMs, false, warm).ms)]),
    );
  const requests = (wildcard: boolean) => ({
    cold: step(0, wildcard, false).requests,
    warm: step(0, wildcard, true).requests,
  });
  return {
    client,
    requests: requests(false),
    requestsTwoNames: requests(true),
    connections: step(0, false, false).connections,
    coldMs: times(false),
    warmMs: times(true),
    cpuMs: Math.round(cpuMs * 10) / 10,
    perSecond: Math.round(perSecond),
  };
}

function print(rows: readonly Row[]): void {
  const columns: readonly (readonly [string, (row: Row) => string | number])[] = [
    ['client', ({ client }) => client],
    ['requests', ({ requests }) => `${requests.cold} / ${requests.warm}`],
    ['two names', ({ requestsTwoNames: two }) => `${two.cold} / ${two.warm}`],
    ['connections', ({ connections }) => connections],
    ...roundTripsMs.map(
      (rttMs) =>
        [`ms at ${rttMs}`, (row: Row) => `${row.coldMs[rttMs]} / ${row.warmMs[rttMs]}`] as const,
    ),
    ['CPU ms', ({ cpuMs }) => cpuMs],
    ['a second', ({ perSecond }) => perSecond],
  ];
  const lines = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => String(cell(row)))),
  ];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('   ')
        .trimEnd(),
    );
  }
  console.log(
    'a / b: nothing known, and with directory and account known (lego keeps only its account)',
  );
}
