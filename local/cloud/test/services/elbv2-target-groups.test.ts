import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import type { BalancerLab, LabOptions } from '../support/balancer-lab.ts';
import { type ListenerLab, listenerLab } from '../support/listener-lab.ts';

let lab: BalancerLab;
let rule: ListenerLab['rule'];
let ask: ListenerLab['ask'];
beforeEach(() => open());
afterEach(() => lab.close());

async function open(options: LabOptions = {}) {
  ({ lab, rule, ask } = await listenerLab(
    { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } },
    options,
  ));
}

describe('a target group', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:answers';

  async function group(Name = 'answers') {
    const { TargetGroups } = await lab.elbv2.createTargetGroup({ Name, TargetType: 'lambda' });
    return TargetGroups?.[0]?.TargetGroupArn ?? '';
  }

  const forward = (TargetGroupArn: string) => ({
    Actions: [{ Type: 'forward' as const, TargetGroupArn }],
  });

  test('hands a request to its function, and the function’s answer back', async () => {
    await lab.close();
    const asked: unknown[] = [];
    await open({
      elbv2: {
        async invoke(arn, groupArn, event) {
          asked.push([arn, groupArn, event]);
          return { statusCode: 201, headers: { 'content-type': 'text/plain' }, body: 'made' };
        },
      },
    });
    const arn = await group();
    await rule(1, forward(arn));
    expect(await ask('/x?a=b')).toBe('503 ');
    await lab.elbv2.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: functionArn }] });
    expect(await ask('/x?a=b')).toBe('201 made');
    expect(asked).toEqual([
      [
        functionArn,
        arn,
        expect.objectContaining({
          requestContext: { elb: { targetGroupArn: arn } },
          httpMethod: 'GET',
          path: '/x',
          queryStringParameters: { a: 'b' },
        }),
      ],
    ]);
  });

  test('whose function fails is a bad gateway', async () => {
    const arn = await group();
    await lab.elbv2.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: functionArn }] });
    await rule(1, forward(arn));
    expect(await ask('/x')).toBe('502 ');
  });

  test('is not removed while a rule leads to it, and belongs to one load balancer', async () => {
    const arn = await group();
    const made = await rule(1, forward(arn));
    await expect(lab.elbv2.deleteTargetGroup({ TargetGroupArn: arn })).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    await expect(group()).rejects.toMatchObject({ name: 'DuplicateTargetGroupNameException' });
    const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'second' });
    const { Listeners } = await lab.elbv2.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: await freePort(),
      DefaultActions: [{ Type: 'forward' }],
    });
    const elsewhere = { ...forward(arn), ListenerArn: Listeners?.[0]?.ListenerArn };
    await expect(rule(1, elsewhere)).rejects.toMatchObject({
      name: 'TargetGroupAssociationLimitException',
    });
    await lab.elbv2.deleteRule({ RuleArn: made });
    await lab.elbv2.deleteTargetGroup({ TargetGroupArn: arn });
    await expect(rule(1, forward(arn))).rejects.toMatchObject({
      name: 'TargetGroupNotFoundException',
    });
  });
});
