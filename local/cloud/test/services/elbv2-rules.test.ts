import type {
  CreateRuleCommandInput,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeAddresses } from '#cloud/load-balancers/nodes.ts';
import type { BalancerLab, LabOptions } from '../support/balancer-lab.ts';
import { type ListenerLab, listenerLab } from '../support/listener-lab.ts';

let lab: BalancerLab;
let rule: ListenerLab['rule'];
let ask: ListenerLab['ask'];
beforeEach(() => open());
afterEach(() => lab.close());

async function open(options: LabOptions = {}) {
  ({ lab, rule, ask } = await listenerLab(
    {
      Type: 'redirect',
      RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
    },
    options,
  ));
}

const path = (...Values: string[]): RuleCondition => ({ Field: 'path-pattern', Values });
const host = (...Values: string[]): RuleCondition => ({
  Field: 'host-header',
  HostHeaderConfig: { Values },
});

test('the lowest priority whose conditions all match answers, otherwise the default action', async () => {
  await rule(20, { Conditions: [path('/x*')] });
  await rule(10, { Conditions: [path('/x'), host('*.example.com')] });
  expect(await ask('/x')).toBe('200 rule 10');
  expect(await ask('/x', 'SHOP.EXAMPLE.COM:80')).toBe('200 rule 10');
  expect(await ask('/x', 'example.net')).toBe('200 rule 20');
  expect(await ask('/xy?a=b')).toBe('200 rule 20');
  expect(await ask('/X?a=b')).toBe('https://shop.example.com:443/X?a=b');
});

test('a rule shows its values in both forms, and answers no more once it is deleted', async () => {
  const RuleArn = await rule(1, { Conditions: [host('shop.example.com')] });
  const { Rules = [] } = await lab.elbv2.describeRules({ RuleArns: [RuleArn] });
  expect(Rules[0]?.Conditions?.[0]).toMatchObject({
    Values: ['shop.example.com'],
    HostHeaderConfig: { Values: ['shop.example.com'] },
  });
  expect(await ask('/x')).toBe('200 rule 1');
  await lab.elbv2.deleteRule({ RuleArn });
  expect(await ask('/x')).toContain('https://');
});

const hasTwoNodes = (await nodeAddresses()).length > 1;

test.runIf(hasTwoNodes)('a node that has not heard of a rule yet answers without it', async () => {
  await lab.close();
  await open({ spreadMs: [0, 10_000] });
  await rule(1);
  expect([await ask('/x'), await ask('/x', 'a.example.com', '127.0.0.2')]).toEqual([
    '200 rule 1',
    'https://a.example.com:443/x',
  ]);
  lab.clock.advance(10_000);
  expect(await ask('/x', 'a.example.com', '127.0.0.2')).toBe('200 rule 1');
});

describe('refused is', () => {
  test.each<[string, Partial<CreateRuleCommandInput>]>([
    ['no condition', { Conditions: [] }],
    ['two conditions on the path', { Conditions: [path('/a'), path('/b')] }],
    ['six values', { Conditions: [path('/a', '/b', '/c'), host('a.b', 'c.d', 'e.f')] }],
    ['seven wildcards', { Conditions: [path('*******')] }],
    ['a path of 129 characters', { Conditions: [path(`/${'x'.repeat(128)}`)] }],
    ['a path with a space', { Conditions: [path('/a b')] }],
    ['a host without a dot', { Conditions: [host('localhost')] }],
    ['no action', { Actions: [] }],
    [
      'a status code of 301 in a fixed response',
      { Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '301' } }] },
    ],
  ])('%s', async (_, change) => {
    await expect(rule(1, change)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});
