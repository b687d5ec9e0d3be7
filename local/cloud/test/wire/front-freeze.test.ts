import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fault } from '#cloud/faults.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { type LocalFront, localFront } from './local-front.ts';

let effects: number;
let front: LocalFront;

beforeEach(async () => {
  effects = 0;
  front = await localFront([
    serviceOf('elbv2', elbv2, elbv2.ElasticLoadBalancingV2Client, {
      DescribeLoadBalancers() {
        effects += 1;
        return { NextMarker: String(effects) };
      },
    }),
  ]);
});
afterEach(() => front.close());

function describe(abortSignal = new AbortController().signal) {
  const client = new elbv2.ElasticLoadBalancingV2Client(front.configuration());
  return client.send(new elbv2.DescribeLoadBalancersCommand({}), { abortSignal });
}

function strike(fault: Fault) {
  front.faults.add({ when: () => true, fault });
}

test('a call that is made twice answers the second time', async () => {
  strike({ do: 'twice' });
  expect((await describe()).NextMarker).toBe('2');
});

test('something else happens between effect and answer', async () => {
  const seen: number[] = [];
  strike({ do: 'meanwhile', act: () => void seen.push(effects) });
  await describe();
  expect(seen).toEqual([1]);
});

test('a frozen call has its effect when it is thawed', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  strike({ do: 'freeze', thawed: () => promise });
  const answer = describe();
  await describe();
  expect(effects).toBe(1);
  resolve();
  expect((await answer).NextMarker).toBe('2');
});

test('a call that its caller has abandoned meanwhile has none', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveUp = new AbortController();
  strike({ do: 'freeze', thawed: () => promise });
  const answer = describe(giveUp.signal);
  await describe();
  giveUp.abort();
  await expect(answer).rejects.toThrow();
  await describe();
  resolve();
  await describe();
  expect(effects).toBe(3);
});

test('each call is watched as it arrives', async () => {
  const seen: string[] = [];
  front.faults.watch = ({ operation }) => void seen.push(operation);
  await describe();
  expect(seen).toEqual(['DescribeLoadBalancers']);
});
