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
  functionFails: 6,
};

const month = { minutes: 30.4 * 24 * 60, hours: 30.4 * 24 };

/** Each look reads every record, 32 at a time; a read takes about 25 ms. */
const looks = month.minutes / 10;
const lookSeconds = (certificates: number) => 0.5 + (certificates / 32) * 0.025;
const memoryGb = 0.5;
/** Check and verify read and parse every record, which takes a whole vCPU (infra/parts/functions.ts). */
const lookMemoryGb = 1_769 / 1_024;
/** Issue, deploy and verify have written of a certificate that is served; nobody else of most of them. */
const objectsOfRecord = 3;

/** Every endpoint is asked again every six hours, with a record read and written; a renewal comes every two months. */
const proofs = month.hours / 6;
const proofSeconds = 2;
const renewals = 0.5;
const renewalSeconds = 60;

/** Lambda polls each of three queues with five long polls of 20 seconds. */
const pollerRequests = 3 * 5 * 3 * month.minutes;

export type Fleet = { readonly certificates: number; readonly replicas: number };

export function monthlyCost({ certificates, replicas }: Fleet): Readonly<Record<string, number>> {
  const looksBoth = 2 * looks;
  const gbSeconds =
    lookMemoryGb * (looksBoth * lookSeconds(certificates) + certificates * proofs * proofSeconds) +
    memoryGb * certificates * renewals * renewalSeconds;
  const runs = looksBoth + certificates * (proofs + renewals * 10);
  return {
    secrets: prices.secretMonth * (certificates + 1) * (1 + replicas),
    // Check describes each secret once a day.
    looks: (certificates * month.hours * prices.secretsRequest) / 24,
    keys: prices.keyMonth * (1 + replicas),
    alarms: prices.alarmMonth * Object.values(metricsOfAlarms).reduce((sum, count) => sum + count),
    // The age of alert; the first replica counts complete checks, and watches them with an alarm.
    metrics:
      prices.metricMonth +
      looks * prices.metricPut +
      (replicas > 0 ? prices.metricMonth + prices.alarmMonth + looks * prices.metricPut : 0),
    lambda: gbSeconds * prices.lambdaGbSecond + runs * prices.lambdaRequest,
    s3:
      objectsOfRecord * certificates * (looksBoth + proofs * 3) * prices.s3Get +
      certificates * proofs * 2 * prices.s3Put +
      // Check writes the state of the fleet, and reads it, what it has seen, what it has sent and what was told.
      looks * (4 * prices.s3Get + prices.s3Put),
    sqs: (pollerRequests + runs * 3) * prices.sqsRequest,
    logs: ((runs * 2) / 1e6) * prices.logGb,
  };
}

/** KMS adds the price of a key for its first and its second yearly rotation, and for none after it. */
function rotationsCost({ replicas }: Fleet): number {
  return 2 * prices.keyMonth * (1 + replicas);
}

const fleets: readonly Fleet[] = [10, 100, 1_000].flatMap((certificates) => [
  { certificates, replicas: 0 },
  { certificates, replicas: 1 },
]);
const rows = fleets.map((fleet) => {
  const parts = monthlyCost(fleet);
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { ...fleet, ...parts, total, thirdYear: total + rotationsCost(fleet) };
});
const rounded = rows.map((row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  ),
);
console.table(rounded);
if (process.argv.includes('--json')) console.log(JSON.stringify({ dollarsAMonth: rounded }));
