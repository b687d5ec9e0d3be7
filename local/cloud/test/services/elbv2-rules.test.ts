import type {
  CreateRuleCommandInput,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeAddresses } from '#cloud/load-balancers/nodes.ts';
import type { BalancerLab, LabOptions } from '../support/balancer-lab.ts';
import { fixed, type ListenerLab, listenerLab } from '../support/listener-lab.ts';

let lab: BalancerLab;
let listener: string;
let rule: ListenerLab['rule'];
let ask: ListenerLab['ask'];
beforeEach(() => open());
afterEach(() => lab.close());

async function open(options: LabOptions = {}) {
  ({ lab, listener, rule, ask } = await listenerLab(
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

test('rules are listed by priority with the default one last, and are gone once deleted', async () => {
  const second = await rule(2, { Tags: [{ Key: 'team', Value: 'web' }] });
  const first = await rule(1, { Conditions: [host('example.com')] });
  const { Rules = [] } = await lab.elbv2.describeRules({ ListenerArn: listener });
  expect(Rules.map(({ RuleArn, Priority }) => [RuleArn, Priority])).toEqual([
    [first, '1'],
    [second, '2'],
    [expect.stringContaining(':listener-rule/app/web/'), 'default'],
  ]);
  expect(Rules[0]?.Conditions?.[0]).toMatchObject({
    Values: ['example.com'],
    HostHeaderConfig: { Values: ['example.com'] },
  });
  const { TagDescriptions } = await lab.elbv2.describeTags({ ResourceArns: [second] });
  expect(TagDescriptions?.[0]?.Tags).toEqual([{ Key: 'team', Value: 'web' }]);
  await lab.elbv2.deleteRule({ RuleArn: second });
  await expect(lab.elbv2.deleteRule({ RuleArn: second })).rejects.toMatchObject({
    name: 'RuleNotFoundException',
  });
  expect(await ask('/x')).toContain('https://');
});

test('many rules come in pages', async () => {
  for (const priority of [1, 2, 3]) await rule(priority);
  const page = await lab.elbv2.describeRules({ ListenerArn: listener, PageSize: 3 });
  const rest = await lab.elbv2.describeRules({ ListenerArn: listener, Marker: page.NextMarker });
  expect([page.Rules?.length, rest.Rules?.map(({ Priority }) => Priority)]).toEqual([
    3,
    ['default'],
  ]);
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
  test('a priority that is in use', async () => {
    await rule(1);
    await expect(rule(1)).rejects.toMatchObject({ name: 'PriorityInUseException' });
  });

  test('one rule more than the quota', async () => {
    await lab.close();
    await open({ elbv2: { maxRules: 2 } });
    await rule(1);
    await rule(2);
    await expect(rule(3)).rejects.toMatchObject({ name: 'TooManyRulesException' });
  });

  test.each<[string, Partial<CreateRuleCommandInput>]>([
    ['a priority of 0', { Priority: 0 }],
    ['a priority above 50,000', { Priority: 50_001 }],
    ['no condition', { Conditions: [] }],
    ['two conditions on the path', { Conditions: [path('/a'), path('/b')] }],
    ['six values', { Conditions: [path('/a', '/b', '/c'), host('a.b', 'c.d', 'e.f')] }],
    ['seven wildcards', { Conditions: [path('*******')] }],
    ['a path of 129 characters', { Conditions: [path(`/${'x'.repeat(128)}`)] }],
    ['a path with a space', { Conditions: [path('/a b')] }],
    ['a host without a dot', { Conditions: [host('localhost')] }],
    ['a host with a hyphen after the last dot', { Conditions: [host('example.xn--p1ai')] }],
    ['no action', { Actions: [] }],
    ['a body of 1,025 characters', { Actions: [fixed('x'.repeat(1_025))] }],
    [
      'a status code of 301 in a fixed response',
      { Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '301' } }] },
    ],
  ])('%s', async (_, change) => {
    await expect(rule(1, change)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  test('a rule of a listener that is not there', async () => {
    const asked = rule(1, { ListenerArn: `${listener}0` });
    await expect(asked).rejects.toMatchObject({ name: 'ListenerNotFoundException' });
  });
});
