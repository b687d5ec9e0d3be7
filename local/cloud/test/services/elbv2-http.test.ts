import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
let port: number;
beforeEach(async () => {
  lab = await balancerLab();
  port = await freePort();
});
afterEach(() => lab.close());

async function httpListener(Name: string, DefaultActions: Action[]) {
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name });
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
  await lab.elbv2.createListener({ LoadBalancerArn, Protocol: 'HTTP', Port: port, DefaultActions });
}

test('a port that another balancer has is refused by name', async () => {
  await httpListener('first-alb', [{ Type: 'forward' }]);
  const attempt = httpListener('second-alb', [{ Type: 'forward' }]);
  await expect(attempt).rejects.toMatchObject({ name: 'PortTaken' });
});

test('an HTTP listener answers its fixed response', async () => {
  const FixedResponseConfig = { StatusCode: '404', MessageBody: 'nothing here' };
  await httpListener('plain-alb', [{ Type: 'fixed-response', FixedResponseConfig }]);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect([response.status, await response.text()]).toEqual([404, 'nothing here']);
});
