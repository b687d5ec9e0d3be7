import { randomBytes } from 'node:crypto';
import { type Clock, minuteMs, systemClock } from '../../clock.ts';
import { type Cloud, startCloud, usualConsistency } from '../../cloud.ts';
import { virtualClock } from '../../virtual-clock.ts';
import { homeAccount } from '../../wire/accounts.ts';
import type { CallerOptions } from '../client-options.ts';
import { callerOptions } from '../client-options.ts';
import { startMoto } from './moto-server.ts';

export const homeRegion = 'us-east-1';
export const otherRegion = 'eu-west-1';

/** What claims to be AWS, seen through nothing but the SDK. */
export type CloudUnderTest = {
  readonly name: 'local' | 'moto';
  readonly account: string;
  /** The time that its answers carry and that its rules go by. */
  readonly clock: Clock;
  /** Another one after `reset()`. */
  readonly endpoint: string;
  /** One attempt a request, so that a scenario sees every answer. */
  clientOptions(region?: string): CallerOptions;
  readonly waits: {
    /** Until a change is seen everywhere. */
    untilConsistent(): Promise<void>;
    /** Lets this much of the cloud's time go by. */
    pass(ms: number): Promise<void>;
  };
  /** There is a role of that ARN, which trusts the account of the callers. */
  trustingRole(arn: string): void;
  /** Two of the default VPC in the home region, which a load balancer needs. */
  subnets(): Promise<string[]>;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

/** Route 53's changes are in sync "generally within 60 seconds"; everything else here is faster. */
const consistentAfterMs = 2 * minuteMs;

/** From one request to the next: ELB takes three changes a second in the long run. */
const paceMs = 334;

export async function localCloud(): Promise<CloudUnderTest> {
  const clock = virtualClock();
  const start = () => startCloud({ clock, consistency: usualConsistency });
  let cloud: Cloud = await start();
  return {
    name: 'local',
    account: homeAccount,
    clock,
    get endpoint() {
      return cloud.endpoint;
    },
    clientOptions: (region = homeRegion) =>
      callerOptions(cloud, {
        region,
        maxAttempts: 1,
        before: async () => clock.advance(paceMs),
      }),
    waits: {
      untilConsistent: () => clock.sleep(consistentAfterMs),
      pass: (ms) => clock.sleep(ms),
    },
    trustingRole: (arn) =>
      cloud.iam.putRole({
        arn,
        trustPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${homeAccount}:root` },
              Action: 'sts:AssumeRole',
            },
          ],
        },
        policies: [],
      }),
    subnets: async () => ['subnet-0a', 'subnet-0b'],
    async reset() {
      await cloud.close();
      cloud = await start();
    },
    close: () => cloud.close(),
  };
}

/** moto knows no lag: what is written is there. Its time is the machine's. */
export async function motoCloud(binary: string): Promise<CloudUnderTest> {
  const moto = await startMoto(binary);
  return {
    name: 'moto',
    account: '123456789012',
    clock: systemClock,
    endpoint: moto.endpoint,
    clientOptions: (region = homeRegion) => callerOptions(moto, { region, maxAttempts: 1 }),
    waits: { untilConsistent: async () => undefined, pass: (ms) => systemClock.sleep(ms) },
    // moto gives keys for every role, whether it is there or not.
    trustingRole: () => undefined,
    subnets: () => defaultSubnets(moto.endpoint),
    async reset() {
      const answer = await fetch(`${moto.endpoint}/moto-api/reset`, { method: 'POST' });
      if (!answer.ok) throw new Error(`moto does not reset: ${answer.status}`);
    },
    close: moto.close,
  };
}

/** EC2 is asked by hand: certkeep has no other use for its client. moto believes any signature. */
async function defaultSubnets(endpoint: string): Promise<string[]> {
  const scope = `Credential=AKIATEST/20261122/${homeRegion}/ec2/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action: 'DescribeSubnets', Version: '2016-11-15' }),
  });
  const ids = [...(await answer.text()).matchAll(/<subnetId>([^<]+)</g)].map(([, id]) => id ?? '');
  if (ids.length < 2) throw new Error('moto has no default subnets');
  return ids.slice(0, 2);
}

/** A name that nothing else has, since scenarios share a cloud. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}
