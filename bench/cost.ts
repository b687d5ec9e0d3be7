/**
 * Estimates the monthly cost of an installation: `npm run bench:cost`, with `-- --json` as one JSON object on the last
 * line. List prices of us-east-1 as of November 2026, without free tiers; usage follows the installation in infra/ with its
 * default timings. It is not a bill.
 */
const prices = {
  secretMonth: 0.4,
  keyMonth: 1,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  metricPut: 0.01 / 1_000,
  secretsRequest: 0.05 / 10_000,
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1e6,
  s3Get: 0.0004 / 1_000,
  s3Put: 0.005 / 1_000,
  sqsRequest: 0.5 / 1e6,
  logGb: 0.5,
};

/** An alarm on a sum costs as much as one for each metric in it (infra/parts/alarms.ts). */
const metricsOfAlarms = {
  checkSilent: 1,
  alertSilent: 1,
  queueOld: 3,
  deadLetters: 4,
  checkFails: 1,
};

/**
 * AWS gives each account so much a month for nothing, without end (https://aws.amazon.com/free, "always free"). An account
 * that has nothing but certkeep uses all of it for certkeep.
 */
const allowance = {
  alarms: 10,
  metrics: 10,
  metricPuts: 1e6,
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1e6,
  sqsRequests: 1e6,
};
const none: typeof allowance = {
  alarms: 0,
  metrics: 0,
  metricPuts: 0,
  lambdaGbSeconds: 0,
  lambdaRequests: 0,
  sqsRequests: 0,
};

function beyond(used: number, free: number): number {
  return Math.max(0, used - free);
}

const month = { minutes: 30.4 * 24 * 60, hours: 30.4 * 24 };

/** Check and verify look every ten minutes. */
const looks = month.minutes / 10;
/**
 * Both list the ETags of all records and read those that have changed or may be due: seconds of a run of check, measured by
 * `npm run bench:check` at the size that the template gives it (docs/performance.md). Verify reads less.
 */
const lookSeconds = (certificates: number) => 0.6 + certificates * 0.00009;
const memoryGb = 0.5;
/** The whole vCPU that check and verify get (infra/parts/functions.ts). */
const lookMemoryGb = 1_769 / 1_024;
/** Issue, deploy and verify have written of a certificate that is served; nobody else of most of them. */
const objectsOfRecord = 3;
/** A record that nobody writes is read by check every four and a half hours on average (shared/check/known/quiet.ts). */
const unchangedReads = month.hours / 4.5;

/** Listing a thousand objects costs as much as a write. Check lists what six functions write, and whole records; verify four. */
const prefixes = { check: 7, verify: 4 } as const;
const pagesOf = (certificates: number) => Math.ceil(certificates / 1_000);

/** Every endpoint is asked again every six hours, and the CA about every certificate; a renewal comes every two months. */
const proofs = month.hours / 6;
const advices = month.hours / 6;
const renewals = 0.5;
/** The seconds of a run, divided by the certificates that it works on at once. */
const inMessage = 25;
const proofSeconds = 4 / inMessage;
const adviceSeconds = 4 / inMessage;
const renewalSeconds = 120 / inMessage;

/** Lambda polls each of three queues with five long polls of 20 seconds. */
const pollerRequests = 3 * 5 * 3 * month.minutes;

export type Fleet = { readonly certificates: number; readonly replicas: number };

export function monthlyCost(
  { certificates, replicas }: Fleet,
  free: typeof allowance,
): Readonly<Record<string, number>> {
  // Few certificates have a message each.
  const perMessage = Math.max(1, Math.min(inMessage, certificates / 3 / 10));
  const messages = (certificates * (proofs + advices + renewals * 3)) / perMessage;
  const shared = inMessage / perMessage;
  const gbSeconds =
    lookMemoryGb * (2 * looks * lookSeconds(certificates)) +
    lookMemoryGb * certificates * proofs * proofSeconds * shared +
    memoryGb * certificates * (advices * adviceSeconds + renewals * renewalSeconds) * shared;
  const runs = 2 * looks + messages;
  const counted = replicas > 0 ? 1 : 0;
  const alarms = Object.values(metricsOfAlarms).reduce((sum, count) => sum + count) + counted;
  // Each answer that is written has check and verify read the record once more.
  const reads = unchangedReads + 2 * advices + proofs + advices;
  return {
    secrets: prices.secretMonth * (certificates + 1) * (1 + replicas),
    // Check describes each secret once a day.
    looks: (certificates * month.hours * prices.secretsRequest) / 24,
    keys: prices.keyMonth * (1 + replicas),
    alarms: prices.alarmMonth * beyond(alarms, free.alarms),
    // The age of alert; the first replica counts complete checks, and watches them with an alarm.
    metrics:
      prices.metricMonth * beyond(1 + counted, free.metrics) +
      prices.metricPut * beyond(looks * (1 + counted), free.metricPuts),
    lambda:
      prices.lambdaGbSecond * beyond(gbSeconds, free.lambdaGbSeconds) +
      prices.lambdaRequest * beyond(runs, free.lambdaRequests),
    s3:
      objectsOfRecord * certificates * reads * prices.s3Get +
      certificates * advices * prices.s3Put +
      // A run of verify reads and writes one object for all its proofs.
      ((certificates * proofs) / perMessage) * (prices.s3Get + prices.s3Put) +
      looks * (prefixes.check + prefixes.verify) * pagesOf(certificates) * prices.s3Put +
      // Both read and write what they know; check reads and writes the state of the fleet, and reads what it has sent, what
      // was told, and what verify has seen.
      looks * (9 * prices.s3Get + 3 * prices.s3Put),
    sqs: prices.sqsRequest * beyond(pollerRequests + runs * 3, free.sqsRequests),
    logs: ((certificates * (proofs + advices) * 2 + runs * 2) / 1e6) * prices.logGb,
  };
}

/** KMS adds the price of a key for its first and its second yearly rotation, and for none after it. */
function rotationsCost({ replicas }: Fleet): number {
  return 2 * prices.keyMonth * (1 + replicas);
}

const fleets: readonly Fleet[] = [10, 100, 1_000, 10_000].flatMap((certificates) => [
  { certificates, replicas: 0 },
  { certificates, replicas: 1 },
]);
const sumOf = (parts: Readonly<Record<string, number>>) =>
  Object.values(parts).reduce((sum, part) => sum + part, 0);
const rows = fleets.map((fleet) => {
  const parts = monthlyCost(fleet, none);
  const total = sumOf(parts);
  const afterFree = monthlyCost(fleet, allowance);
  return {
    ...fleet,
    ...parts,
    total,
    thirdYear: total + rotationsCost(fleet),
    /** An account without anything else pays this, and this much of it not for the keys of certificates. */
    afterFree: sumOf(afterFree),
    besideSecrets: sumOf(afterFree) - (afterFree.secrets ?? 0),
  };
});
const rounded = rows.map((row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  ),
);
console.table(rounded);
if (process.argv.includes('--json')) console.log(JSON.stringify({ dollarsAMonth: rounded }));
