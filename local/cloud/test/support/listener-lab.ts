import { request } from 'node:http';
import type { Action, CreateRuleCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab, type LabOptions } from './balancer-lab.ts';

/** An application load balancer with one HTTP listener. */
export type ListenerLab = {
  readonly lab: BalancerLab;
  /** Makes a rule for `/x` unless told, and returns its ARN. */
  rule(priority: number, change?: Partial<CreateRuleCommandInput>): Promise<string>;
  /** Status and body, or where it is redirected to, of what a stranger is answered. */
  ask(path: string, host?: string, address?: string): Promise<string>;
};

export async function listenerLab(
  defaultAction: Action,
  options: LabOptions = {},
): Promise<ListenerLab> {
  const lab = await balancerLab(options);
  const port = await freePort();
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'web' });
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTP',
    Port: port,
    DefaultActions: [defaultAction],
  });
  const listener = Listeners?.[0]?.ListenerArn ?? '';
  return {
    lab,
    async rule(priority, change = {}) {
      const { Rules } = await lab.elbv2.createRule({
        ListenerArn: listener,
        Priority: priority,
        Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
        Actions: [fixed(`rule ${priority}`)],
        ...change,
      });
      return Rules?.[0]?.RuleArn ?? '';
    },
    ask(path, host = 'shop.example.com', address = '127.0.0.1') {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const asked = { host: address, port, path, headers: { host }, agent: false };
      request(asked, async (response) => {
        const parts = await response.toArray();
        resolve(response.headers.location ?? `${response.statusCode} ${Buffer.concat(parts)}`);
      })
        .once('error', reject)
        .end();
      return promise;
    },
  };
}

function fixed(MessageBody: string) {
  return {
    Type: 'fixed-response' as const,
    FixedResponseConfig: { StatusCode: '200', ContentType: 'text/plain', MessageBody },
  };
}
