import { readFileSync } from 'node:fs';
import { acmeClientAuto } from './acme-client.ts';
import { certkeepClient } from './certkeep.ts';
import type { BenchClient } from './client.ts';

/**
 * Runs one measurement in its own process: `node worker.ts <client> <what> <directory URL> <root file> <wait>`. Prints a JSON line
 * after each issuance, so that its requests can be counted, and one at the end.
 */
const [, , name = '', what = '', directoryUrl = '', rootFile = '', wait = ''] = process.argv;
const target = {
  directoryUrl,
  rootPem: readFileSync(rootFile, 'utf8'),
  pollMs: wait === '' ? null : Number(wait),
};
const open = (): BenchClient =>
  name === 'certkeep' ? certkeepClient(target) : acmeClientAuto(target);
const run = `${process.pid}`;
let made = 0;

function names(wildcard = false): readonly string[] {
  made += 1;
  const base = `n${made}-${run}.example.com`;
  return wildcard ? [base, `*.${base}`] : [base];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Waits until the parent process has counted the requests. */
function counted(): Promise<void> {
  return new Promise((resolve) => process.stdin.once('data', () => resolve()));
}

function tell(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

if (what === 'steps') {
  // First cold, then with a known directory and account; then both for apex and wildcard.
  for (const wildcard of [false, true]) {
    const client = open();
    for (const warm of [false, true]) {
      const ms = await timed(() => client.issue(names(wildcard)));
      tell({ wildcard, warm, ms });
      await counted();
    }
  }
}

if (what === 'cpu') {
  const client = open();
  const count = 30;
  for (let index = 0; index < 10; index += 1) await client.issue(names());
  const before = process.cpuUsage();
  for (let index = 0; index < count; index += 1) await client.issue(names());
  const { user, system } = process.cpuUsage(before);
  tell({ cpuMs: (user + system) / 1_000 / count });
}

if (what === 'many') {
  const clients = Array.from({ length: 10 }, open);
  await Promise.all(clients.map((client) => client.issue(names())));
  const each = 15;
  const ms = await timed(() =>
    Promise.all(
      clients.map(async (client) => {
        for (let index = 0; index < each; index += 1) await client.issue(names());
      }),
    ),
  );
  tell({ perSecond: (clients.length * each * 1_000) / ms });
}
process.exit(0);
