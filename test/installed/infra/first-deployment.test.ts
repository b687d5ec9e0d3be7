import { type Lab, lab } from 'local-cloud/test/fixtures/stacks.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs } from '#shared/time/clock.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { configOf } from '#test/support/synth.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';

const account = '123456789012';
const assembly = () =>
  assemblyOf(configOf(configYaml({ replicas: 'replicas: [eu-west-1, eu-central-1]' })));

let aws: Lab;
let clock: VirtualClock;
beforeEach(async () => {
  clock = virtualClock();
  aws = await lab(clock);
});
afterEach(() => aws.cloud.close());

const keyIn = (region: string) => aws.cloud.kms.find({ account, region }, 'alias/certkeep');

/** Somebody else has it. */
function takeBucket(region: string): { release: () => void } {
  const call = { account: '999999999999', region, accessKeyId: 'somebody' };
  const Bucket = `certkeep-${account}-${region}`;
  const elsewhere = region !== 'us-east-1' && {
    CreateBucketConfiguration: { LocationConstraint: region },
  };
  ask(aws.cloud.s3, 'CreateBucket', { Bucket, ...elsewhere }, call);
  return { release: () => void ask(aws.cloud.s3, 'DeleteBucket', { Bucket }, call) };
}

test('the first deployment of a copy fails where its bucket is taken, and succeeds at once when it is free', () => {
  const taken = takeBucket('eu-west-1');
  expect(() => aws.deployments.deploy(assembly())).toThrow(/Bucket.*BucketAlready/);
  expect(keyIn('eu-west-1')).toBeNull();
  taken.release();
  aws.deployments.deploy(assembly());
  const home = keyIn('us-east-1');
  expect(keyIn('eu-west-1')).toMatchObject({ id: home?.id, primaryArn: home?.arn });
  expect(aws.cloud.s3.ownerOf(`certkeep-${account}-eu-west-1`)).toBe(account);
});

test('a home whose bucket is taken keeps its key, and nothing has begun to work', () => {
  const taken = takeBucket('us-east-1');
  expect(() => aws.deployments.deploy(assembly())).toThrow(/Bucket.*BucketAlready/);
  const before = keyIn('us-east-1');
  expect(before).not.toBeNull();
  expect([aws.cloud.lambda.functions.size, aws.cloud.scheduler.schedules.size]).toEqual([0, 0]);
  taken.release();
  aws.deployments.deploy(assembly());
  expect(keyIn('us-east-1')).toEqual(before);
  expect(aws.cloud.scheduler.schedules.size).toBe(3);
});

test('a replica that was deleted for good blocks its region for the seven days of its window', () => {
  aws.deployments.deploy(assembly());
  const { arn = '' } = keyIn('eu-west-1') ?? {};
  const replica = { account, region: 'eu-west-1' };
  const wanted = { primaryArn: keyIn('us-east-1')?.arn ?? '', description: '' };
  aws.cloud.kms.scheduleKeyDeletion(arn, 7);
  const again = () => aws.cloud.kms.replicateKey(replica, wanted);
  expect(again).toThrow(/already in eu-west-1, its deletion is pending/);
  clock.advance(7 * dayMs);
  expect(again().arn).toBe(arn);
});
