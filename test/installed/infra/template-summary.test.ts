import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mostSummaryBytes, templateSummary } from '#infra/parts/template-summary.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const run = promisify(execFile);
const cdk = join(createRequire(import.meta.url).resolve('aws-cdk/package.json'), '../bin/cdk');

const listener = (name: string, account = '123456789012') =>
  `arn:aws:elasticloadbalancing:us-east-1:${account}:listener/app/${name}/50dc6c495c0c9188/f2f7dc8efc522ab2`;

const shop = {
  names: '[shop.example.com, "*.shop.example.com"]',
  targets: `[${albYaml('default', listener('shop'))}, ${albYaml('sni', listener('far', '210987654321'))}]`,
};
const careers = { names: '[careers.example.com]' };

function yamlOf(certificates: Parameters<typeof certificatesYaml>[0]): string {
  return configYaml({ certificates: certificatesYaml(certificates) });
}

const before = yamlOf({ shop, careers });

/** What `npx cdk diff` prints of the home stack. */
async function cdkDiff(from: string, to: string): Promise<string> {
  const template = join(synthesized(from).directory, 'Certkeep.template.json');
  const options = ['--exclusively', '--no-notices', '--no-color', '--template', template];
  const { stdout, stderr } = await run(
    process.execPath,
    [cdk, 'diff', 'Certkeep', '--app', synthesized(to).directory, ...options],
    { env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' } },
  );
  return stdout + stderr;
}

function metadataIn(diff: string): readonly string[] {
  return diff.split('\n').filter((line) => /^\[.\] Metadata/.test(line));
}

/** The resources of all stacks whose type begins so. */
function resourcesOf(text: string, type: string): object {
  const { names, template } = synthesized(text);
  const found = names.flatMap((stack) =>
    Object.entries(template(stack).Resources).filter(([, { Type }]) => Type.startsWith(type)),
  );
  return Object.fromEntries(found);
}

const oneNameMore = yamlOf({
  shop: { ...shop, names: '[shop.example.com, "*.shop.example.com", smtp.example.com]' },
  careers,
});

test('cdk diff shows an added name as a line, and changes no role', {
  timeout: 60_000,
}, async () => {
  const diff = await cdkDiff(before, oneNameMore);
  expect(metadataIn(diff)).toEqual(['[+] Metadata certkeep shop smtp.example.com: name']);
  expect(diff).not.toContain('IAM');
});

test('cdk diff shows a removed certificate, a moved target and another key', {
  timeout: 60_000,
}, async () => {
  const after = yamlOf({
    shop: { ...shop, targets: shop.targets.replaceAll('app/shop', 'app/shop-2') },
  }).replace('    key: ecdsa-p256', '    key: rsa-2048');
  expect(metadataIn(await cdkDiff(before, after))).toEqual([
    '[-] Metadata certkeep careers: certificate, ecdsa-p256, from letsencrypt',
    '[-] Metadata certkeep careers careers.example.com: name',
    '[-] Metadata certkeep shop alb app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2 in us-east-1: target, certificate: default',
    '[+] Metadata certkeep shop alb app/shop-2/50dc6c495c0c9188/f2f7dc8efc522ab2 in us-east-1: target, certificate: default',
    '[~] Metadata certkeep shop: certificate, ecdsa-p256, from letsencrypt to certificate, rsa-2048, from letsencrypt',
  ]);
});

test.each([
  ['a name', oneNameMore],
  ['a certificate without targets', yamlOf({ shop, careers, mail: { names: '[m.example.com]' } })],
  ['an owner', yamlOf({ shop: { ...shop, more: 'owner: team-shop' }, careers })],
])('%s more changes no role and no policy in any stack', (_, after) => {
  expect(synthesized(after).template('Certkeep')).not.toEqual(
    synthesized(before).template('Certkeep'),
  );
  expect(Object.keys(resourcesOf(before, 'AWS::IAM::')).length).toBeGreaterThan(6);
  expect(resourcesOf(after, 'AWS::IAM::')).toEqual(resourcesOf(before, 'AWS::IAM::'));
});

/** So many certificates with two names and a target each. */
function fleetOf(count: number, change: Partial<CertificateConfig> = {}): Config {
  const config = configOf(before);
  const [first] = config.certificates;
  if (!first) throw new Error('there is no certificate');
  const certificates = Array.from({ length: count }, (_, index) => ({
    ...first,
    id: `shop-${index}`,
    names: [`shop-${index}.example.com`, `*.shop-${index}.example.com`],
    ...(index === 1 && change),
  }));
  return { ...config, certificates };
}

test.each([
  [700, 3_500, /^certificate, /],
  [4_000, 4_001, /^2 names, 2 targets, [0-9a-f]{8}$/],
])('of %i certificates the summary has %i lines', (count, lines, form) => {
  const summary = templateSummary(fleetOf(count));
  expect(Object.keys(summary)).toHaveLength(lines);
  expect(summary['certkeep shop-7']).toMatch(form);
});

test('of 10,000 certificates it has the total, and says that the rest is left out', () => {
  expect(templateSummary(fleetOf(10_000))).toEqual({
    'certkeep (summary)': expect.stringMatching(
      /^10000 certificates, 20000 names, 20000 targets, [0-9a-f]{8}\. They are left out, /,
    ),
  });
});

test.each([4_000, 10_000])(
  'one other name among %i certificates shows in exactly one line',
  (count) => {
    const one = templateSummary(fleetOf(count));
    const other = templateSummary(fleetOf(count, { names: ['new.example.com', 'b.example.com'] }));
    const changed = Object.keys(one).filter((key) => one[key] !== other[key]);
    expect([Object.keys(other), changed.length]).toEqual([Object.keys(one), 1]);
  },
);

test('no fleet makes the summary longer than its share of the template', () => {
  const lengths = [1, 500, 2_000, 2_500, 6_000, 8_000, 20_000].map(
    (count) => JSON.stringify(templateSummary(fleetOf(count)), null, 2).length,
  );
  expect(Math.max(...lengths)).toBeLessThanOrEqual(mostSummaryBytes);
});

test.each([
  ['resolved by CloudFormation', '{{resolve:secretsmanager:prod}}', '{ {resolve:'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the form of the CDK's tokens
  ['taken for a token', '${Token[AWS.Region.4]}', '$ {Token['],
  ['a line of its own', 'le\n[+] Metadata certkeep', '\\u{a}[+] Metadata'],
  ['given back as question marks', 'lé\u202e', '\\u{202e}'],
])('the name of an issuer is not %s', (_, issuer, shown) => {
  const config = fleetOf(2, { issuers: [issuer] });
  const text = templateSummary(config)['certkeep shop-1'] ?? '';
  expect(text).toContain(shown);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
  expect(text).not.toMatch(/\{\{|\$\{/);
});

test('the order of the file does not matter', () => {
  const { certificates, ...config } = fleetOf(3);
  const reversed = { ...config, certificates: certificates.toReversed() };
  expect(Object.keys(templateSummary(reversed))).toEqual(Object.keys(templateSummary(fleetOf(3))));
});
