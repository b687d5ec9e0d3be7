import { type Allowance, prices } from './prices.ts';

/** An alarm on a sum costs as much as one for each metric in it (infra/parts/alarms.ts). The age of each queue is one more. */
const metricsOfAlarms = {
  checkSilent: 1,
  alertSilent: 1,
  deadLetters: 4,
  checkFails: 1,
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
const usualRenewals = 0.5;
/** The seconds of a run, divided by the certificates that it works on at once. */
const inMessage = 25;
const proofSeconds = 4 / inMessage;
const adviceSeconds = 4 / inMessage;
const renewalSeconds = 120 / inMessage;

/** Lambda polls each queue with five long polls of 20 seconds. */
const pollerRequests = 5 * 3 * month.minutes;

export type Fleet = {
  readonly certificates: number;
  readonly replicas: number;
  /** One for each certificate unless given. */
  readonly endpoints?: number;
  /** Of all certificates together; one in two months for each unless given. */
  readonly renewalsAMonth?: number;
  /** The accounts at CAs, each with its key in a secret; one unless given. */
  readonly caAccounts?: number;
  /** Three, and one more where targets wait for turns. */
  readonly queues?: number;
};

export type CostParts = Readonly<Record<CostPart, number>>;

export type CostPart =
  | 'secrets'
  | 'looks'
  | 'keys'
  | 'alarms'
  | 'metrics'
  | 'lambda'
  | 's3'
  | 'sqs'
  | 'logs';

export function monthlyCost(
  {
    certificates,
    replicas,
    endpoints = certificates,
    renewalsAMonth = certificates * usualRenewals,
    caAccounts = 1,
    queues = 3,
  }: Fleet,
  free: Allowance,
): CostParts {
  // Few certificates have a message each.
  const perMessage = Math.max(1, Math.min(inMessage, certificates / 3 / 10));
  const messages = (endpoints * proofs + certificates * advices + renewalsAMonth * 3) / perMessage;
  const shared = inMessage / perMessage;
  const gbSeconds =
    lookMemoryGb * (2 * looks * lookSeconds(certificates)) +
    lookMemoryGb * endpoints * proofs * proofSeconds * shared +
    memoryGb * (certificates * advices * adviceSeconds + renewalsAMonth * renewalSeconds) * shared;
  const runs = 2 * looks + messages;
  const counted = replicas > 0 ? 1 : 0;
  const alarms =
    Object.values(metricsOfAlarms).reduce((sum, count) => sum + count) + queues + counted;
  // Each answer that is written has check and verify read the record once more.
  const reads = unchangedReads + 2 * advices + proofs + advices;
  return {
    secrets: prices.secretMonth * (certificates + caAccounts) * (1 + replicas),
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
      ((endpoints * proofs) / perMessage) * (prices.s3Get + prices.s3Put) +
      looks * (prefixes.check + prefixes.verify) * pagesOf(certificates) * prices.s3Put +
      // Both read and write what they know; check reads and writes the state of the fleet, and reads what it has sent, what
      // was told, and what verify has seen.
      looks * (9 * prices.s3Get + 3 * prices.s3Put),
    sqs: prices.sqsRequest * beyond(queues * pollerRequests + runs * 3, free.sqsRequests),
    logs: (((endpoints * proofs + certificates * advices) * 2 + runs * 2) / 1e6) * prices.logGb,
  };
}

/** KMS adds the price of a key for its first and its second yearly rotation, and for none after it. */
export function rotationsCost({ replicas }: Fleet): number {
  return 2 * prices.keyMonth * (1 + replicas);
}

export function sumOf(parts: CostParts): number {
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}
