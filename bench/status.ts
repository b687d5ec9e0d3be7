import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { operator, sceneryClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { namesOf } from '#shared/installation.ts';
import type { Condition } from '#shared/status/condition.ts';
import { statusOf } from '#shared/status/status.ts';
import { statusKey, statusText } from '#shared/status/status-object.ts';
import { addMs, dayMs, systemClock } from '#shared/time/clock.ts';

/**
 * Measures `certkeep status` as a person waits for it: from the start of the process to its end, over HTTP from the local
 * cloud, into a pipe. Prints the median of the runs, and what of it the start of Node takes.
 */
const { values } = parseArgs({
  options: {
    certificates: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
  },
});
const count = Number(values.certificates);
const runs = Number(values.runs);
const home = { account: homeAccount, region: 'us-east-1' };
const installation = 'certkeep';

const cloud = await startCloud({ clock: systemClock, consistency: usualConsistency });
try {
  await storeFleet();
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
  };
  const where = [
    '--region',
    home.region,
    '--account',
    home.account,
    '--installation',
    installation,
  ];
  const whole: number[] = [];
  const starts: number[] = [];
  let lines = 0;
  for (let run = 0; run < runs; run += 1) {
    const shown = await timed(['cli/certkeep.ts', 'status', ...where], env);
    whole.push(shown.ms);
    lines = shown.stdout.split('\n').length;
    starts.push((await timed(['--eval', ''], env)).ms);
  }
  console.log('certificates   lines  median ms  of it Node ms');
  const cells = [
    String(count).padStart(12),
    String(lines).padStart(6),
    median(whole).toFixed(0).padStart(9),
    median(starts).toFixed(0).padStart(13),
  ];
  console.log(cells.join('  '));
} finally {
  await cloud.close();
}

/** One certificate in fifty is in trouble, which two causes explain. */
async function storeFleet(): Promise<void> {
  const client = new S3Client(sceneryClient(cloud, home.region));
  const { bucket } = namesOf({ installation, home });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const objects = s3ObjectStore({ client, bucket, owner: home.account, clock: systemClock });
  await objects.put(statusKey, fleetText(systemClock.now()), 'application/json');
}

function fleetText(now: Date): string {
  const certificates = Array.from({ length: count }, (_, at) => {
    const id = `c${String(at).padStart(5, '0')}`;
    const endsAt = addMs(now, (10 + (at % 80)) * dayMs).toISOString();
    const renewsAt = addMs(now, (1 + (at % 50)) * dayMs).toISOString();
    return {
      line: {
        ...{ id, name: `${id}.shop.example.com`, names: 2, issuer: 'letsencrypt', targets: 1 },
        ...{ endsAt, servedUntil: endsAt, renewsAt },
      },
      conditions: at % 50 === 0 ? [trouble(now, endsAt, at % 100 === 0)] : [],
    };
  });
  const place = { name: installation, ...home };
  return statusText(
    statusOf({ installation: place, checkedAt: now, conditions: [], certificates }),
  );
}

function trouble(now: Date, hurtsAt: string, isCritical: boolean): Condition {
  return {
    ...{ type: 'Renewable', about: 'letsencrypt', status: 'false', reason: 'CaaForbids' },
    message: 'CaaForbids: example.com has CAA records that do not name letsencrypt.org',
    ...{ scope: null, since: now.toISOString(), nextAttemptAt: null },
    danger: {
      severity: isCritical ? 'critical' : 'warning',
      ...{ clients: 'valid', where: 'web:443 (us-east-1)', hurtsAt },
    },
  };
}

/** Status ends with 1, since somebody is needed. */
async function timed(args: readonly string[], env: NodeJS.ProcessEnv) {
  const startedAt = performance.now();
  const options = { env, maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(process.execPath, [...args], options).catch(
    (error: { readonly code?: unknown; readonly stdout: string }) => {
      if (error.code !== 1) throw error;
      return error;
    },
  );
  return { ms: performance.now() - startedAt, stdout };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
