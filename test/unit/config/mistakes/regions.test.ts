import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, test } from 'vitest';
import { knownRegions, regionStanding } from '#shared/config-file/known-regions.ts';
import { albYaml, certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { listenerArn, problemOf, type Row, warningOf } from '#test/support/mistakes.ts';

const wrong = listenerArn.replace('us-east-1', 'us-eats-1');
const clb = '{type: clb, loadBalancer: old, region: eu-wets-1}';

const rows: readonly Row[] = [
  [
    'home',
    { home: 'home: {account: "123456789012", region: eu-centrall-1}' },
    'home.region',
    'is no region of AWS',
    'Did you mean eu-central-1?',
  ],
  [
    'a region without its hyphen',
    { home: 'home: {account: "123456789012", region: us-east1}' },
    'home.region',
    'not the name of an AWS region',
    'Did you mean us-east-1?',
  ],
  [
    'an availability zone',
    { replicas: 'replicas: [eu-west-1a]' },
    'replicas[0]',
    'not the name of an AWS region',
    '"eu-west-1"',
  ],
  [
    'a replica',
    { replicas: 'replicas: [eu-wst-1]' },
    'replicas[0]',
    'is no region of AWS',
    'Did you mean eu-west-1?',
  ],
  [
    'a listener',
    { certificates: certificatesYaml({ shop: { targets: `[${albYaml('sni', wrong)}]` } }) },
    'certificates.shop.targets[0].listener',
    'names us-eats-1, which is no region',
    'Did you mean us-east-1?',
  ],
  [
    'a Classic Load Balancer',
    { certificates: certificatesYaml({ shop: { key: 'rsa-2048', targets: `[${clb}]` } }) },
    'certificates.shop.targets[0].region',
    'is no region of AWS',
    'Did you mean eu-west-1?',
  ],
  [
    'a listener of a solver',
    { solvers: `solvers: [{type: alb-http01, listener: "${wrong}"}]` },
    'solvers[0].listener',
    'names us-eats-1',
    'us-east-1',
  ],
  [
    'a retired place',
    { retired: 'retired: {places: ["123456789012/eu-centrall-1"]}' },
    'retired.places[0]',
    'names eu-centrall-1',
    'eu-central-1',
  ],
];

test.each(rows)('a mistyped region is refused: %s', (_, parts, path, message, fix) => {
  const problem = problemOf(parts);
  expect(problem.path).toBe(path);
  expect(problem.message).toContain(message);
  expect(problem.fix).toContain(fix);
});

test.each(['eu-central-3', 'sa-west-1', 'xx-nowhere-1'])(
  '%s, which may have been opened since, is taken with a warning',
  (region) => {
    const warning = warningOf({ replicas: `replicas: [${region}]` });
    expect(warning).toMatchObject({ path: 'replicas[0]', value: region });
    expect(warning.message).toContain('this version of certkeep does not know');
  },
);

test('the regions are those that the CDK knows', () => {
  const known = new Set(knownRegions);
  const missing = RegionInfo.regions.map(({ name }) => name).filter((name) => !known.has(name));
  expect(missing).toEqual([]);
});

test('every region is read without a warning where it is home', () => {
  for (const region of knownRegions) {
    expect(regionStanding(region)).toBe('known');
    const home = `home: {account: "123456789012", region: ${region}}`;
    const solvers = 'solvers: [{type: cloudflare, secret: dns/cloudflare}]';
    const alerts = 'alerts: {email: [ops@certkeep.dev], heartbeat: {secret: ops/heartbeat}}';
    expect(parsed(configYaml({ home, solvers, alerts, replicas: '' })).warnings).toEqual([]);
  }
});
