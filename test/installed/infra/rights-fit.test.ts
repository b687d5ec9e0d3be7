import { expect, test } from 'vitest';
import { functionRights } from '#infra/rights/rights.ts';
import { rightsFit } from '#infra/rights/rights-fit.ts';
import type { Statement } from '#infra/rights/statement.ts';
import { inlineLimit, lengthOf, managedCount, withinLimits } from '#infra/rights/within-limits.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { issuerYaml } from '#test/support/mistakes.ts';
import { configOf } from '#test/support/synth.ts';

const surroundings = { keyArn: 'key', replicaKeyArn: () => 'key', configBucket: 'bucket' };
const account = (n: number) => String(100_000_000_000 + n);

/** So many solvers, the first of which is the default. */
function solvers(count: number, fields: (n: number) => string): string {
  const each = Array.from({ length: count }, (_, n) => {
    const selector = n === 0 ? '' : `, selector: {dnsZones: [z${n}.example.com]}`;
    return `  - {${fields(n)}${selector}}`;
  });
  return configYaml({ solvers: ['solvers:', ...each].join('\n') });
}

const secrets = (count: number) =>
  solvers(count, (n) => `type: cloudflare, secret: dns/of-the-customer-number-${n}`);
const roles = (count: number, nameOf: (n: number) => string) =>
  solvers(count, (n) => `type: route53, roleArn: "arn:aws:iam::${account(n)}:role/${nameOf(n)}"`);

function issueRights(text: string): readonly Statement[] {
  return functionRights('issue', configOf(text), surroundings);
}

test('the keys of secrets are one statement, whatever their number', () => {
  const opened = issueRights(secrets(3)).filter(({ sid }) => sid.startsWith('OpenDnsCredentials'));
  expect(opened).toHaveLength(1);
  expect(opened[0]?.resources).toEqual(['arn:aws:kms:us-east-1:123456789012:key/*']);
  expect(opened[0]?.conditions?.StringLike?.['kms:EncryptionContext:SecretARN']).toHaveLength(3);
});

test('secrets of several accounts and regions are one statement too', () => {
  const arn = (n: number) =>
    `arn:aws:secretsmanager:${n % 2 ? 'eu-west-1' : 'us-east-1'}:${account(n)}:secret:dns`;
  const text = solvers(4, (n) => `type: cloudflare, secret: "${arn(n)}"`);
  const opened = issueRights(text).filter(({ sid }) => sid.startsWith('OpenDnsCredentials'));
  expect(opened).toHaveLength(1);
  expect(opened[0]?.resources).toHaveLength(4);
  expect(opened[0]?.conditions?.StringEquals?.['kms:ViaService']).toEqual([
    'secretsmanager.us-east-1.amazonaws.com',
    'secretsmanager.eu-west-1.amazonaws.com',
  ]);
});

test.each([
  [
    'a thousand secrets',
    secrets(1_000),
    'ReadDnsCredentials',
    'arn:aws:secretsmanager:*:*:secret:*',
  ],
  [
    'roles of one name in 1,400 accounts',
    roles(1_400, () => 'dns'),
    'ActInDnsAccount',
    'arn:aws:iam::*:role/dns',
  ],
])('%s are folded, and that is told at its place in the file', (_, text, sid, wide) => {
  const { inline, managed } = withinLimits(issueRights(text));
  const folded = [...inline, ...managed.flat()].find((statement) => statement.sid === sid);
  expect(folded?.resources).toEqual([wide]);
  expect(lengthOf(inline)).toBeLessThanOrEqual(inlineLimit);
  expect(managed.length).toBeLessThanOrEqual(managedCount);
  const { problems, warnings } = rightsFit(configOf(text));
  expect(problems).toEqual([]);
  expect(warnings).toContainEqual(
    expect.objectContaining({
      path: ['solvers'],
      message: expect.stringContaining(`name more for the right ${sid}`),
      fix: expect.stringContaining('It is allowed for'),
    }),
  );
});

test('a list that cannot be folded is a problem of its part of the file', () => {
  const { problems } = rightsFit(configOf(roles(1_500, (n) => `dns-of-the-team-number-${n}`)));
  expect(problems).toEqual([
    {
      path: ['solvers'],
      value: '',
      message: expect.stringContaining('1500 resources for ActInDnsAccount'),
      fix: 'Split the configuration into two installations.',
    },
  ]);
});

test('a thousand secrets of external accounts are told by their tag', () => {
  const binding = (n: number) =>
    `{type: acme, directory: "https://ca${n}.example.com/directory", termsOfServiceAgreed: true, externalAccountBinding: {secret: ca/of-the-team-number-${n}}}`;
  const others = Array.from({ length: 1_000 }, (_, n) => `, ca${n}: ${binding(n)}`).join('');
  const issuers = issuerYaml('type: acme, directory: letsencrypt, termsOfServiceAgreed: true');
  const text = configYaml({ issuers: issuers.replace(/\}$/, `${others}}`) });
  const [warning] = rightsFit(configOf(text)).warnings;
  expect(warning).toMatchObject({ path: ['issuers'], fix: expect.stringContaining('tag') });
});

test('a usual file has nothing to tell', () => {
  expect(rightsFit(configOf(configYaml()))).toEqual({ problems: [], warnings: [] });
});
