import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleFunctions } from '#infra/bundle.ts';
import { memoryOfLooks } from '#infra/parts/functions.ts';
import { type FleetState, startFleet } from './check-http/fleet.ts';

/**
 * Runs the bundled check function against the local cloud over HTTP, in a process of its own that gets the share of a core
 * that Lambda gives a function of that memory (1,769 MB: one vCPU). Each request is answered 20 ms later. Cold: the first run
 * of a process that knows its records; warm: the median of the runs after it; unknown: a run whose knowledge was lost. The
 * share of the core needs a machine that lets this process make a control group; elsewhere the whole core is used, and said.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    certificates: { type: 'string', default: '10000' },
    memory: { type: 'string', multiple: true },
    state: { type: 'string', default: 'healthy' },
    runs: { type: 'string', default: '5' },
  },
});
const certificates = Number(values.certificates);
const memories = (values.memory ?? ['512', String(memoryOfLooks)]).map(Number);
const state = values.state as FleetState;
const vcpuMb = 1_769;
const answersAfterMs = 20;

type Run = { readonly ms: number; readonly cpuMs: number; readonly rssMiB: number };

const directory = bundleFunctions().get('check');
if (!directory) throw new Error('there is no bundle of check');
const entry = pathToFileURL(join(directory, 'index.mjs')).href;
const runner = fileURLToPath(new URL('./check-http/runner.mjs', import.meta.url));

const fleet = await startFleet({ certificates, state, answersAfterMs });
const rows = [];
try {
  for (const memory of memories) {
    // A first process learns what there is to know; its own time is that of a run that knows nothing.
    const [unknown] = await runsIn(memory, 1);
    const [cold, ...warm] = await runsIn(memory, 1 + Number(values.runs));
    if (!unknown || !cold) throw new Error('check did not run');
    rows.push({ certificates, state, memory, unknown, cold, warm: medianOf(warm) });
    fleet.forget();
  }
} finally {
  await fleet.close();
}
console.log('certificates  memory   unknown      cold      warm  CPU cold / warm     peak RSS');
for (const { memory, unknown, cold, warm } of rows) {
  const cells = [unknown, cold, warm].map(({ ms }) => `${(ms / 1_000).toFixed(1)} s`.padStart(8));
  const cpu = [cold, warm].map(({ cpuMs }) => (cpuMs / 1_000).toFixed(2)).join(' / ');
  console.log(
    `${String(certificates).padStart(12)}  ${String(memory).padStart(6)}  ${cells.join('  ')}  ${cpu.padStart(13)} s  ${Math.max(cold.rssMiB, warm.rssMiB)} MiB (${unknown.rssMiB} unknown)`,
  );
}
if (values.json) console.log(JSON.stringify({ rows }));

async function runsIn(memory: number, count: number): Promise<readonly Run[]> {
  const group = controlGroup(memory / vcpuMb);
  // As Lambda starts Node: the heap fits into the memory of the function.
  const heap = [
    `--max-old-space-size=${Math.floor(memory * 0.9)}`,
    `--max-semi-space-size=${Math.floor(memory * 0.05)}`,
  ];
  const options = ['--enable-source-maps', ...heap, runner, entry, String(count)];
  const child = spawn(process.execPath, options, {
    env: fleet.environment(memory),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  group?.add(child);
  const ended = once(child, 'close');
  child.stdin.write('go\n');
  const found: Run[] = [];
  const other: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{"run":')) found.push((JSON.parse(line) as { run: Run }).run);
    else if (/"level":"ERROR"/.test(line)) other.push(line);
  });
  const [code] = await ended;
  if (code !== 0) throw new Error(`the process of check ended with ${code}`);
  await group?.remove();
  if (other.length > 0) process.stderr.write(`${other.slice(0, 3).join('\n')}\n`);
  return found;
}

function medianOf(runs: readonly Run[]): Run {
  const middle = (of: (run: Run) => number) =>
    runs.map(of).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN;
  return {
    ms: middle(({ ms }) => ms),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    rssMiB: Math.max(...runs.map(({ rssMiB }) => rssMiB)),
  };
}

function tellUnlimited(error: unknown): void {
  process.stderr.write(`without a limit of the processor: ${(error as Error).message}\n`);
}

/** Limits what is added to it to a share of one core; null where this machine does not let us. */
function controlGroup(share: number) {
  const old = existsSync('/sys/fs/cgroup/cpu');
  const path = `/sys/fs/cgroup/${old ? 'cpu/' : ''}certkeep-bench-${process.pid}`;
  const periodUs = 20_000;
  const quotaUs = Math.round(Math.min(share, 1) * periodUs);
  try {
    mkdirSync(path);
    if (old) {
      writeFileSync(join(path, 'cpu.cfs_period_us'), String(periodUs));
      writeFileSync(join(path, 'cpu.cfs_quota_us'), String(quotaUs));
    } else writeFileSync(join(path, 'cpu.max'), `${quotaUs} ${periodUs}`);
  } catch (error) {
    tellUnlimited(error);
    return null;
  }
  return {
    add({ pid }: ChildProcess): void {
      try {
        writeFileSync(join(path, 'cgroup.procs'), String(pid));
      } catch (error) {
        tellUnlimited(error);
      }
    },
    /** The kernel takes a moment to see that the process is gone. */
    async remove(): Promise<void> {
      for (let tries = 1; ; tries += 1) {
        try {
          rmdirSync(path);
          return;
        } catch (error) {
          if (tries === 20) throw error;
          await setTimeout(50);
        }
      }
    },
  };
}
