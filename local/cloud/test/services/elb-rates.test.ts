import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import { type Cloud, startCloud, usualConsistency } from '#cloud/cloud.ts';
import { callerOptions } from '#cloud/kit/client-options.ts';
import { operatorClient } from '#cloud/operator.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';

let clock: VirtualClock;
let cloud: Cloud;

beforeEach(async () => {
  clock = virtualClock();
  cloud = await startCloud({ clock, consistency: usualConsistency });
});
afterEach(() => cloud.close());

const here = { maxAttempts: 1 };
const v2 = (options = {}) =>
  new ElasticLoadBalancingV2(callerOptions(cloud, { ...here, ...options }));
const classic = () => new ElasticLoadBalancing(callerOptions(cloud, here));

/** How many of so many calls at once are taken. */
async function taken(times: number, call: () => Promise<unknown>): Promise<number> {
  const answers = await Promise.allSettled(Array.from({ length: times }, call));
  const refused = answers.filter(({ status }) => status === 'rejected');
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
  }
  return times - refused.length;
}

const describeAll = () => v2().describeLoadBalancers({});
const change = () => v2().addTags({ ResourceArns: [], Tags: [] });

describe('an account in a region', () => {
  it('describes 40 times at once, and 10 times a second after that', async () => {
    expect(await taken(50, describeAll)).toBe(40);
    clock.advance(secondMs);
    expect(await taken(20, describeAll)).toBe(10);
  });

  it('changes 20 times at once, and 3 times a second after that', async () => {
    expect(await taken(30, change)).toBe(20);
    clock.advance(secondMs);
    expect(await taken(10, change)).toBe(3);
  });

  it('makes 40 calls of both kinds together', async () => {
    expect(await taken(20, change)).toBe(20);
    expect(await taken(30, describeAll)).toBe(20);
  });

  it('is not charged for what was throttled', async () => {
    await taken(80, describeAll);
    clock.advance(secondMs);
    expect(await taken(20, describeAll)).toBe(10);
  });

  it('has other buckets for Classic ELB, and other regions have their own', async () => {
    await taken(40, describeAll);
    expect(await taken(50, () => classic().describeLoadBalancers({}))).toBe(40);
    const elsewhere = v2({ region: 'eu-west-1' });
    expect(await taken(50, () => elsewhere.describeLoadBalancers({}))).toBe(40);
  });

  it('is not charged for what the operator sets up', async () => {
    const operator = new ElasticLoadBalancingV2(operatorClient(cloud, 'us-east-1'));
    expect(await taken(50, () => operator.describeLoadBalancers({}))).toBe(50);
    expect(await taken(50, describeAll)).toBe(40);
  });
});
