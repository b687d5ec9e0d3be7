import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundleFunctions } from '#infra/bundle.ts';
import { modulesIn } from '#infra/bundling/modules.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';

type MeasuredFunction = {
  /** The bytes that load at once. */
  readonly bytes: number;
  readonly gzipBytes: number;
  /** The median time to import the bundle, minus that of a process that imports nothing. */
  readonly initMs: number;
};

export type Measured = {
  readonly date: string;
  readonly node: string;
  readonly cores: number;
  readonly runs: number;
  readonly emptyMs: number;
  readonly functions: Readonly<Record<BundleName, MeasuredFunction>>;
};

const runs = 20;

/** The environment that Lambda and the installation give a function, as far as its initialization needs it. */
const environment = {
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'certkeep-check',
  NODE_OPTIONS: '--enable-source-maps',
  TZ: 'UTC',
};

export function measureFunctions(): Measured {
  const bundles = [...bundleFunctions()].map(([name, directory]) => ({
    name,
    file: join(directory, 'index.mjs'),
    modules: modulesIn(directory).atOnce.map((file) => join(directory, file)),
  }));
  const { emptyMs, initMs } = medianTimes(bundles);
  const functions = bundles.map(({ name, modules }) => {
    const bundle = Buffer.concat(modules.map((module) => readFileSync(module)));
    const gzipBytes = gzipSync(bundle).length;
    return [name, { bytes: bundle.length, gzipBytes, initMs: initMs(name) }] as const;
  });
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    runs,
    emptyMs: rounded(emptyMs),
    functions: Object.fromEntries(functions) as Record<BundleName, MeasuredFunction>,
  };
}

/** Measures the bundles in turn, so that other load on the machine affects all alike; a first round warms the caches. */
function medianTimes(bundles: readonly { readonly name: BundleName; readonly file: string }[]) {
  const empty: number[] = [];
  const times = new Map<BundleName, number[]>(bundleNames.map((name) => [name, []]));
  for (let run = 0; run <= runs; run += 1) {
    const emptyMs = processMs('');
    if (run > 0) empty.push(emptyMs);
    for (const { name, file } of bundles) {
      const ms = processMs(`await import(${JSON.stringify(pathToFileURL(file).href)});`);
      if (run > 0) times.get(name)?.push(ms);
    }
  }
  const emptyMs = median(empty);
  return {
    emptyMs,
    initMs: (name: BundleName) => rounded(median(times.get(name) ?? []) - emptyMs),
  };
}

function processMs(program: string): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `${program} process.exit(0);`],
    { env: environment, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  const ms = performance.now() - startedAt;
  if (status === 0) return ms;
  throw new Error(`a bundle does not load: ${stderr.slice(-2_000)}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
