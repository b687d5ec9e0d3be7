import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import * as route53 from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '#cloud/faults.ts';
import { functionIdentity } from '#cloud/kit/function-identity.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { type LocalFront, localFront } from './local-front.ts';

let effects: string[];
let front: LocalFront;

beforeEach(async () => {
  effects = [];
  front = await localFront([
    serviceOf('elbv2', elbv2, elbv2.ElasticLoadBalancingV2Client, {
      DescribeLoadBalancers: () => void effects.push('elbv2'),
    }),
    serviceOf('route53', route53, route53.Route53Client, {
      ListHostedZones: () => void effects.push('route53'),
    }),
    serviceOf('lambda', lambda, lambda.LambdaClient, {
      ListFunctions: () => void effects.push('lambda'),
    }),
  ]);
  front.accounts.register('AKIAISSUE', functionIdentity('issue'));
});
afterEach(() => front.close());

const balancers = (maxAttempts = 1) =>
  new elbv2.ElasticLoadBalancingV2Client(
    front.configuration({ accessKeyId: 'AKIAISSUE', maxAttempts }),
  );
const describe = new elbv2.DescribeLoadBalancersCommand({});

function strike(fault: Fault, operation = 'DescribeLoadBalancers') {
  front.faults.add({ when: (call) => call.operation === operation, fault });
}

test('a refused or throttled call has no effect', async () => {
  strike({ do: 'refuse', code: 'AccessDenied', status: 403 });
  await expect(balancers().send(describe)).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
  strike({ do: 'throttle' });
  await expect(balancers().send(describe)).rejects.toMatchObject({ name: 'Throttling' });
  const zones = new route53.Route53Client(front.configuration());
  strike({ do: 'throttle' }, 'ListHostedZones');
  await expect(zones.send(new route53.ListHostedZonesCommand({}))).rejects.toMatchObject({
    name: 'Throttling',
  });
  const functions = new lambda.LambdaClient(front.configuration());
  strike({ do: 'throttle' }, 'ListFunctions');
  await expect(functions.send(new lambda.ListFunctionsCommand({}))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  expect(effects).toEqual([]);
});

test('a throttled client succeeds with its own retry', async () => {
  strike({ do: 'throttle' });
  await balancers(2).send(describe);
  expect(effects).toHaveLength(1);
  expect(front.faults.calls.map(({ caller, service }) => `${caller} ${service}`)).toEqual([
    'issue elbv2',
    'issue elbv2',
  ]);
});

test('a lost answer leaves the effect, and the client tries again', async () => {
  strike({ do: 'lose-answer' });
  await balancers(2).send(describe);
  expect(effects).toHaveLength(2);
});

test('a delay holds the answer back after the effect', async () => {
  strike({ do: 'delay', ms: 60 });
  const started = performance.now();
  await balancers().send(describe);
  expect(performance.now() - started).toBeGreaterThanOrEqual(55);
});

test('a killed caller is gone before or after the effect', async () => {
  const killed: (string | null)[] = [];
  front.faults.kill = (caller) => void killed.push(caller);
  strike({ do: 'kill-before' });
  await expect(balancers().send(describe)).rejects.toThrow();
  expect(effects).toHaveLength(0);
  strike({ do: 'kill-after' });
  await expect(balancers().send(describe)).rejects.toThrow();
  expect(effects).toHaveLength(1);
  expect(killed).toEqual(['issue', 'issue']);
});
