import { expect, test } from 'vitest';
import { functionRights } from '#infra/rights/rights.ts';
import type { Statement } from '#infra/rights/statement.ts';
import {
  inlineLimit,
  lengthOf,
  managedCount,
  managedLimit,
  withinLimits,
} from '#infra/rights/within-limits.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const surroundings = {
  keyArn: 'arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab',
  replicaKeyArn: (region: string) =>
    `arn:aws:kms:${region}:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
  configBucket: 'cdk-hnb659fds-assets-123456789012-us-east-1',
};

function listenerArn(index: number): string {
  const id = index.toString(16).padStart(16, '0');
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop-${index}/${id}/${id}`;
}

/** So many certificates, each on a listener of its own. */
function yamlWith(count: number): string {
  const certificates = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `c${index}`,
      {
        names: `[c${index}.example.com]`,
        targets: `[${albYaml('default', listenerArn(index))}]`,
      },
    ]),
  );
  return configYaml({ certificates: certificatesYaml(certificates) });
}

function deployRightsOf(count: number): readonly Statement[] {
  return functionRights('deploy', configOf(yamlWith(count)), surroundings);
}

const listenersIn = (statements: readonly Statement[]) =>
  statements
    .filter(({ sid }) => sid.startsWith('BindListeners'))
    .flatMap(({ resources }) => resources);

test('a few listeners are named in the role itself', () => {
  const { inline, managed } = withinLimits(deployRightsOf(20));
  expect(listenersIn(inline)).toHaveLength(20);
  expect(managed).toEqual([]);
});

test.each([100, 300])('%i listeners move into managed policies, each named still', (count) => {
  const { inline, managed, widened } = withinLimits(deployRightsOf(count));
  const expected = Array.from({ length: count }, (_, index) => listenerArn(index));
  expect(listenersIn(managed.flat()).toSorted()).toEqual(expected.toSorted());
  expect(lengthOf(inline)).toBeLessThanOrEqual(inlineLimit);
  expect(managed.length).toBeLessThanOrEqual(managedCount);
  for (const policy of managed) expect(lengthOf(policy)).toBeLessThanOrEqual(managedLimit);
  expect(widened).toEqual([]);
});

test('a thousand listeners are told by the tag of the installation, and only they', () => {
  const before = deployRightsOf(1_000);
  const { inline, managed, widened } = withinLimits(before);
  const [bound] = inline.filter(({ sid }) => sid === 'BindListeners');
  expect(bound).toMatchObject({
    resources: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/*'],
    conditions: { StringEquals: { 'aws:ResourceTag/certkeep:managed': 'certkeep' } },
  });
  expect(widened.map(({ sid }) => sid)).toEqual(['BindListeners']);
  const others = (statements: readonly Statement[]) =>
    statements.filter(({ sid }) => sid !== 'BindListeners');
  expect(others(inline)).toEqual(others(before));
  expect([lengthOf(inline) <= inlineLimit, managed]).toEqual([true, []]);
});

test('a thousand hosted zones become every zone, with TXT at _acme-challenge as before', () => {
  const solvers = Array.from(
    { length: 1_000 },
    (_, index) =>
      `  - {type: route53, hostedZoneId: Z${String(index).padStart(20, '0')}, selector: {dnsZones: [${index === 0 ? '' : `z${index}.`}example.com]}}`,
  );
  const config = configOf(configYaml({ solvers: ['solvers:', ...solvers].join('\n') }));
  const before = functionRights('issue', config, surroundings);
  const { inline, managed } = withinLimits(before);
  const written = [...inline, ...managed.flat()].find(({ sid }) => sid === 'WriteChallengeValues');
  expect(written?.resources).toEqual(['arn:aws:route53:::hostedzone/*']);
  expect(written?.conditions).toEqual(
    before.find(({ sid }) => sid === 'WriteChallengeValues')?.conditions,
  );
  expect(lengthOf(inline)).toBeLessThanOrEqual(inlineLimit);
});

test('lists that nothing can stand in for are refused with what to do', () => {
  const resources = Array.from({ length: 2_000 }, (_, index) => `arn:aws:s3:::bucket-${index}/*`);
  const statement = { sid: 'Read', actions: ['s3:GetObject'], resources, reason: 'a test' };
  expect(() => withinLimits([statement])).toThrow(/Split the configuration into two installations/);
});

test('the synthesis of a thousand listeners keeps the limits and says what to tag', () => {
  const { all, warnings } = synthesized(yamlWith(1_000));
  for (const { Properties } of all('AWS::IAM::Role')) {
    const length = Properties.Policies.reduce(
      (sum: number, { PolicyDocument }: { PolicyDocument: object }) =>
        sum + JSON.stringify(PolicyDocument).length,
      0,
    );
    expect(length).toBeLessThanOrEqual(inlineLimit);
  }
  expect(warnings.join('\n')).toMatch(/BindListeners: 1000 resources .* tag the listeners/);
});
