import { request } from 'node:http';
import {
  CreateRuleCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import type { World } from './world.ts';

/** The listener of the only solver that answers over HTTP, as it is called here. */
export function httpListener({ landscape }: World): string {
  const solver = landscape.config.solvers.find(({ type }) => type === 'alb-http01');
  if (solver?.type !== 'alb-http01') throw new Error('no solver answers over HTTP');
  return solver.listener;
}

function clientFor(world: World, listener = httpListener(world)): ElasticLoadBalancingV2Client {
  const [, , , region = '', account] = listener.split(':');
  return new ElasticLoadBalancingV2Client(operatorClient(world.cloud, region, account));
}

/** Rules of others, which answer 404 at these priorities. */
export async function addForeignRules(
  world: World,
  priorities: readonly number[],
  path = '/shop/*',
): Promise<void> {
  const elb = clientFor(world);
  for (const Priority of priorities) {
    await elb.send(
      new CreateRuleCommand({
        ListenerArn: httpListener(world),
        Priority,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    );
  }
}

/** `priority path`, of every rule but the default one. */
export async function rulesAt(world: World, listener: string): Promise<readonly string[]> {
  const { Rules = [] } = await clientFor(world, listener).send(
    new DescribeRulesCommand({ ListenerArn: listener }),
  );
  return Rules.filter(({ IsDefault }) => !IsDefault).map(
    ({ Priority, Conditions = [] }) =>
      `${Priority} ${Conditions.find(({ Field }) => Field === 'path-pattern')?.Values?.join()}`,
  );
}

/** Of the only solver that answers over HTTP. */
export function rulesOf(world: World): Promise<readonly string[]> {
  return rulesAt(world, httpListener(world));
}

/** Status and body of what a stranger is answered, who asks for exactly that path. */
export async function askOverHttp(
  world: World,
  path: string,
  hostHeader?: string,
): Promise<string> {
  const { Listeners } = await clientFor(world).send(
    new DescribeListenersCommand({ ListenerArns: [httpListener(world)] }),
  );
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = hostHeader === undefined ? {} : { host: hostHeader };
  const asked = { host: '127.0.0.1', port: Listeners?.[0]?.Port, path, headers, agent: false };
  request(asked, async (response) => {
    const parts = await response.toArray();
    resolve(`${response.statusCode} ${Buffer.concat(parts)}`);
  })
    .once('error', reject)
    .end();
  return promise;
}
