import { createInterface } from 'node:readline/promises';
import type { SmokeOptions } from '#scripts/smoke/smoke-options.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { errorMessage } from '#shared/errors.ts';
import { minuteMs, systemClock } from '#shared/time/clock.ts';
import { awsAccount } from './smoke/client.ts';
import { readOptions, usage } from './smoke/options.ts';
import { outcomeTable, refusalText } from './smoke/report.ts';
import { type Smoke, smoke } from './smoke/smoke.ts';

/** The first trial in a real account (docs/first-account.md): `npm run smoke -- --help`. */
const read = readOptions(process.argv.slice(2));

if ('help' in read) {
  console.log(usage);
} else if ('problem' in read) {
  console.error(`${read.problem}\n\n${usage}`);
  process.exitCode = 2;
} else if ('refusals' in read) {
  console.error(`${refusalText(read.refusals)}\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(read.options).catch((error) => {
    console.error(`The check of the account failed: ${errorMessage(error)}`);
    return 1;
  });
}

/** Returns the exit status: 0 where nothing failed, 2 where the trial was refused, 130 after Ctrl-C. */
async function run(options: SmokeOptions): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => {
    console.error(
      'Ending this step, then removing everything that was made. Press Ctrl-C again to end at once.',
    );
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const { account, region } = options;
  const clients = (of: string) => clientOptions({ region: of });
  const result = await smoke(
    {
      account: awsAccount({ account, region, clients, clock: systemClock }),
      clock: systemClock,
      say: (line) => console.error(line),
      confirm: () => confirmed(options),
      signal: stop.signal,
    },
    options,
  );
  show(result);
  if (options.json) console.log(JSON.stringify({ account, region, ...result }));
  return exitStatusOf(result);
}

function show(result: Smoke): void {
  if (result.outcome === 'refused') console.error(refusalText(result.refusals));
  if (result.outcome === 'declined') console.error('Nothing was touched.');
  if (!('steps' in result)) return;
  console.log(`\n${outcomeTable(result.steps)}\n`);
  if (result.left) console.log(`Something is left: ${result.left}`);
}

function exitStatusOf({ outcome }: Smoke): number {
  if (outcome === 'ok') return 0;
  if (outcome === 'interrupted') return 130;
  return outcome === 'failed' ? 1 : 2;
}

async function confirmed({ account, region, listener, yes }: SmokeOptions): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    console.error(
      'Nobody can answer the question here. Run it with --yes to begin without asking.',
    );
    return false;
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(
      `In ${account}/${region}: three certificates are imported into ACM and deleted, check and deploy run,\nand ${listener}\nserves a certificate that no client trusts for up to ${minuteMs / 1_000} seconds. Begin? [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}
