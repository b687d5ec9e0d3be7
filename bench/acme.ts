import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startPebble } from 'local-cloud/ca/pebble.ts';
import { systemClock } from '#shared/time/clock.ts';
import { type Lego, openLego } from './acme/lego.ts';
import { startProxy } from './acme/proxy.ts';

/**
 * Measures the cost of a certificate: requests, time over longer and longer lines, CPU, and certificates per second with
 * ten at once. It compares certkeep's issue stage, acme-client's own flow and lego on the same Pebble, in rounds in which each
 * has its turn, and prints medians. It needs PEBBLE (2.10 or later), and LEGO for lego's row. `--rounds` (5) says how many;
 * `--json` prints one JSON object on the last line.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  console.error(`--rounds ${values.rounds} is not a number from 1`);
  process.exit(2);
}
const pebbleBinary = process.env.PEBBLE ?? '';
const legoBinary = process.env.LEGO ?? '';
if (!pebbleBinary) {
  console.error(
    'Set PEBBLE to the binary of Pebble (and LEGO to that of lego): see docs/performance.md.',
  );
  process.exit(1);
}

const roundTripsMs = [0, 25, 100];
/** The wait between two looks at an order for those that can be told one: what is left then is work and line. */
const tunedPollMs = 25;
const worker = new URL('./acme/worker.ts', import.meta.url).pathname;

type Step = { wildcard: boolean; warm: boolean; ms: number; requests: number; connections: number };

/** A client in its turns. */
type Contender = {
  readonly name: string;
  /** The steps over a line with that round trip. */
  steps(rttMs: number): Promise<readonly Step[]>;
  /** CPU of one certificate in milliseconds, and certificates a second; null where another row has them. */
  readonly load: null | (() => Promise<{ cpuMs: number; perSecond: number }>);
};

/** The measurements of one client, from all rounds. */
type Measured = {
  readonly steps: Map<number, Step[]>;
  readonly cpuMs: number[];
  readonly perSecond: number[];
};

type Row = {
  readonly client: string;
  readonly requests: { readonly cold: number; readonly warm: number };
  readonly requestsTwoNames: { readonly cold: number; readonly warm: number };
  readonly connections: number;
  /** Times by round trip. */
  readonly coldMs: Readonly<Record<string, number>>;
  readonly warmMs: Readonly<Record<string, number>>;
  readonly cpuMs: number | null;
  readonly perSecond: number | null;
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
  const rows = await measured(await contenders());
  print(rows);
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model };
  if (values.json) console.log(JSON.stringify({ machine, rounds, rows }));
} finally {
  await pebble.close();
  await rm(temporary, { recursive: true });
}

/** Each as its users have it, and the two that can be told so with a look at the order every 25 ms. */
async function contenders(): Promise<readonly Contender[]> {
  const node = (client: string, pollMs: number | null): Contender => ({
    name: pollMs === null ? client : `${client}, ${pollMs} ms`,
    steps: (rttMs) => overProxy(rttMs, (url, count) => stepsOf([client, pollMs], url, count)),
    load:
      pollMs === null
        ? null
        : async () => {
            const { cpuMs = 0 } = await last([client, pollMs], 'cpu');
            const { perSecond = 0 } = await last([client, pollMs], 'many');
            return { cpuMs, perSecond };
          },
  });
  return [
    ...[node('certkeep', null), node('certkeep', tunedPollMs)],
    ...[node('acme-client', null), node('acme-client', tunedPollMs)],
    ...(legoBinary ? [legoContender(await openLego(legoBinary, temporary, rootFile))] : []),
  ];
}

function legoContender(lego: Lego): Contender {
  let made = 0;
  const names = (wildcard: boolean) => {
    made += 1;
    const base = `lego${made}.example.com`;
    return wildcard ? [base, `*.${base}`] : [base];
  };
  const { directoryUrl } = pebble;
  return {
    name: 'lego',
    steps: (rttMs) =>
      overProxy(rttMs, async (url, count) => {
        const found: Step[] = [];
        for (const wildcard of [false, true]) {
          const fresh = await openLego(legoBinary, temporary, rootFile);
          for (const warm of [false, true]) {
            const { ms } = await fresh.issue(url, names(wildcard));
            found.push({ wildcard, warm, ms, ...(await count()) });
          }
        }
        return found;
      }),
    async load() {
      const cpu: number[] = [];
      const starts: number[] = [];
      for (let index = 0; index < 20; index += 1) {
        cpu.push((await lego.issue(directoryUrl, names(false))).cpuMs);
        starts.push(await lego.startCpuMs());
      }
      const startedAt = performance.now();
      const each = 10;
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          for (let index = 0; index < each; index += 1) {
            await lego.issue(directoryUrl, names(false));
          }
        }),
      );
      const perSecond = (10 * each * 1_000) / (performance.now() - startedAt);
      // The other clients are measured after their process has started.
      return { cpuMs: median(cpu) - median(starts), perSecond };
    },
  };
}

async function measured(all: readonly Contender[]): Promise<readonly Row[]> {
  const found = new Map(
    all.map(({ name }): [string, Measured] => [
      name,
      { steps: new Map(roundTripsMs.map((rttMs) => [rttMs, []])), cpuMs: [], perSecond: [] },
    ]),
  );
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds}`);
    // Each round begins with another client, so that a slow moment of the machine hits them in turn.
    const inTurn = [...all.slice(round % all.length), ...all.slice(0, round % all.length)];
    for (const { name, load, steps } of inTurn) {
      const mine = found.get(name) as Measured;
      for (const rttMs of roundTripsMs) mine.steps.get(rttMs)?.push(...(await steps(rttMs)));
      const loaded = await load?.();
      if (!loaded) continue;
      mine.cpuMs.push(loaded.cpuMs);
      mine.perSecond.push(loaded.perSecond);
    }
  }
  return [...found].map(([client, mine]) => rowOf(client, mine));
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
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

type Told = readonly [client: string, pollMs: number | null];

async function stepsOf(told: Told, directoryUrl: string, count: Count): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const child = start(told, 'steps', directoryUrl);
  for await (const line of createInterface({ input: child.stdout })) {
    steps.push({ ...JSON.parse(line), ...(await count()) });
    child.stdin.write('on\n');
  }
  return steps;
}

async function last(told: Told, what: string): Promise<Record<string, number>> {
  let found = '{}';
  const child = start(told, what, pebble.directoryUrl);
  for await (const line of createInterface({ input: child.stdout })) found = line;
  return JSON.parse(found);
}

function start([client, pollMs]: Told, what: string, directoryUrl: string) {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: rootFile };
  const argv = [worker, client, what, directoryUrl, rootFile, pollMs === null ? '' : `${pollMs}`];
  return spawn(process.execPath, argv, { env, stdio: ['pipe', 'pipe', 'inherit'] });
}

function rowOf(client: string, { cpuMs, perSecond, steps }: Measured): Row {
  const ofSteps = (rttMs: number, wildcard: boolean, warm: boolean, what: keyof Step) => {
    const found = (steps.get(rttMs) ?? []).filter(
      (each) => each.wildcard === wildcard && each.warm === warm,
    );
    if (found.length < rounds) throw new Error(`${client}: not all was measured at ${rttMs} ms`);
    return Math.round(median(found.map((each) => Number(each[what]))));
  };
  const times = (warm: boolean) =>
    Object.fromEntries(roundTripsMs.map((rttMs) => [rttMs, ofSteps(rttMs, false, warm, 'ms')]));
  const requests = (wildcard: boolean) => ({
    cold: ofSteps(0, wildcard, false, 'requests'),
    warm: ofSteps(0, wildcard, true, 'requests'),
  });
  return {
    client,
    requests: requests(false),
    requestsTwoNames: requests(true),
    connections: ofSteps(0, false, false, 'connections'),
    coldMs: times(false),
    warmMs: times(true),
    cpuMs: cpuMs.length > 0 ? Math.round(median(cpuMs) * 10) / 10 : null,
    perSecond: perSecond.length > 0 ? Math.round(median(perSecond)) : null,
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
    ['CPU ms', ({ cpuMs }) => cpuMs ?? ''],
    ['a second', ({ perSecond }) => perSecond ?? ''],
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
