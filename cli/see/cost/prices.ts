/** List prices of this region, without free tiers, in dollars (https://aws.amazon.com/pricing/). Other regions differ. */
export const pricedRegion = 'us-east-1';
export const pricedIn = '2026-11';

export const prices = {
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

/**
 * AWS gives each account so much a month for nothing, without end (https://aws.amazon.com/free, "always free"). An account
 * that has nothing but certkeep uses all of it for certkeep.
 */
export const allowance = {
  alarms: 10,
  metrics: 10,
  metricPuts: 1e6,
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1e6,
  sqsRequests: 1e6,
};

export type Allowance = typeof allowance;

export const noAllowance: Allowance = {
  alarms: 0,
  metrics: 0,
  metricPuts: 0,
  lambdaGbSeconds: 0,
  lambdaRequests: 0,
  sqsRequests: 0,
};
