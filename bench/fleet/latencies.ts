import { secondMs } from '#shared/time/clock.ts';

/**
 * How long AWS and the CA take, as the bench assumes it: constants that are only ever made slower. Nothing here was measured
 * on AWS; ratios to the limit, which is computed from the same constants, are what the bench is for.
 */
export const latencies = {
  /** Milliseconds from a request to its answer, of reads and of changes. */
  answersMs: {
    s3: { read: 25, change: 25 },
    secretsmanager: { read: 60, change: 60 },
    sqs: { read: 15, change: 15 },
    events: { read: 25, change: 25 },
    route53: { read: 100, change: 300 },
    acm: { read: 120, change: 400 },
    elbv2: { read: 80, change: 300 },
    ssm: { read: 60, change: 60 },
    sts: { read: 60, change: 60 },
    sns: { read: 25, change: 25 },
    lambda: { read: 50, change: 50 },
    acme: { read: 120, change: 120 },
  },
  /** Until every name server of Route 53 answers with a change. */
  route53InsyncMs: 30 * secondMs,
  /** From the answer to a challenge until its validation, and from finalize until the certificate. */
  validationMs: 3 * secondMs,
  finalizeMs: secondMs,
  /** Until each node of a load balancer serves a new certificate. */
  balancerSpreadMs: [5 * secondMs, 20 * secondMs],
  acmListLagMs: 2 * secondMs,
  importsPerSecond: 1,
} as const;

/**
 * The least time that one renewal takes with these latencies: one request after the other, each answered as above, and
 * nothing but the CA's and AWS's own waits between them. Milliseconds.
 */
function floorMs(): number {
  const { acme, acm, route53, s3, secretsmanager } = latencies.answersMs;
  const acquire = 7 * acme.change + route53.read + route53.change + 2 * secretsmanager.change;
  const store = 2 * secretsmanager.change + 2 * s3.change;
  const deploy = acm.read + acm.change;
  const waits =
    latencies.route53InsyncMs +
    latencies.validationMs +
    latencies.finalizeMs +
    Math.max(...latencies.balancerSpreadMs);
  return acquire + store + deploy + waits;
}

/** The least time for so many in one place: ACM imports one after the other. Milliseconds. */
export function limitMs(certificates: number): number {
  return floorMs() + ((certificates - 1) * secondMs) / latencies.importsPerSecond;
}
