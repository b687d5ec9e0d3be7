import { expect, test } from 'vitest';
import type { Approvals } from '#shared/discovery/approvals.ts';
import { discoveredIn } from '#shared/discovery/discovered.ts';
import type { Finds } from '#shared/discovery/found.ts';
import type { Tagged } from '#shared/discovery/resource.ts';
import { withApproved } from '#shared/discovery/with-approved.ts';
import { takenKeys } from '#shared/targets/found/taken-keys.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import { parsed } from '#test/support/config-yaml.ts';
import { configText, listenerArn, networkListenerArn } from '#test/support/fleet.ts';

const home = '123456789012/us-east-1';
const far = { account: '210987654321', region: 'eu-west-1' };
const [inFile, free] = [listenerArn('shop'), listenerArn('theirs')];
const at = '2026-12-01T10:00:00.000Z';
const later = '2026-12-01T10:30:00.000Z';

const { config } = parsed(`${configText(`
  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${inFile}"}]}
  docs: {names: [docs.example.com], issuer: local}
  old: {names: [old.example.com], issuer: local, key: rsa-2048}
  big: {names: [big.example.com], issuer: local, key: rsa-4096}
`)}
discovery: {places: ["${home}", "${far.account}/${far.region}"]}
`);

const elb = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const distribution = 'arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL';

function tag(arn: string, certificate = 'docs', position: string | null = null): Tagged {
  return { arn, certificate, position };
}

function findsOf(resources: readonly Tagged[], place = home, isWhole = true): Finds {
  return { [place]: { lookedAt: later, isWhole, failure: null, resources: [...resources] } };
}

const approved = (certificate = 'docs', position: string | null = null) =>
  ({ state: 'approved', certificate, position, at, reason: 'ours' }) as const;

function stateOf(tagged: Tagged, approvals: Approvals = {}) {
  const [found] = discoveredIn(config, findsOf([tagged]), approvals);
  return found && (found.reason === null ? found.state : `${found.state}: ${found.reason}`);
}

test.each<[string, Tagged, string | undefined]>([
  ['a listener', tag(free), 'waiting'],
  ['a listener of a Network Load Balancer', tag(networkListenerArn('theirs')), 'waiting'],
  ['the default of a listener', tag(free, 'docs', 'default'), 'waiting'],
  ['a Classic Load Balancer', tag(`${elb}:loadbalancer/legacy`, 'old'), 'waiting'],
  ['a distribution', tag(distribution), 'waiting'],
  [
    'a load balancer with listeners of their own',
    tag(`${elb}:loadbalancer/app/theirs/50dc6c495c0c9188`),
    'unusable: it is a load balancer, whose listeners have certificates: tag the listener instead',
  ],
  [
    'a certificate that nobody knows',
    tag(free, 'nothing'),
    'unusable: its tag names "nothing", which is no certificate of the configuration',
  ],
  [
    'a port of a Classic Load Balancer',
    tag(`${elb}:loadbalancer/legacy`, 'old', '8443'),
    'waiting',
  ],
  [
    'a port that there is not',
    tag(`${elb}:loadbalancer/legacy`, 'old', '70000'),
    'unusable: its tag certkeep:position is "70000", but may be a port',
  ],
  [
    'the list of a distribution, which has none',
    tag(distribution, 'docs', 'sni'),
    'unusable: its tag certkeep:position is "sni", but may be default alone',
  ],
  [
    'text that looks like ours',
    tag(free, 'docs\n"approved'),
    'unusable: its tag names "docs\\u{a}\'approved", which is no certificate of the configuration',
  ],
  [
    'a position that there is not',
    tag(free, 'docs', 'first'),
    'unusable: its tag certkeep:position is "first", but may be sni, default or both',
  ],
  [
    'a key that the load balancer does not take',
    tag(`${elb}:loadbalancer/legacy`),
    'unusable: it takes no ecdsa-p256 key, but rsa-2048',
  ],
  [
    'a key that a Network Load Balancer does not take',
    tag(networkListenerArn('theirs'), 'big'),
    'unusable: it takes no rsa-4096 key, but ecdsa-p256, ecdsa-p384, rsa-2048, rsa-3072',
  ],
  [
    'the default that the file gives to another',
    tag(inFile, 'docs', 'default'),
    'unusable: the configuration gives it shop',
  ],
  ['the list beside the default of the file', tag(inFile), 'waiting'],
  ['what the file says already', tag(inFile, 'shop', 'both'), undefined],
  [
    'a listener rule, which certkeep tags itself',
    tag(`${elb}:listener-rule/app/a/1/2/3`),
    undefined,
  ],
  ['a listener of another region', tag(free.replace('us-east-1', 'eu-west-1')), undefined],
  ['a listener of another account', tag(free.replace('123456789012', far.account)), undefined],
  ['what is no ARN', tag('__proto__'), undefined],
])('a tag on %s', (_, tagged, state) => {
  expect(stateOf(tagged)).toBe(state);
});

test('an approval is for one ARN, one certificate and one position', () => {
  expect(stateOf(tag(free), { [free]: approved() })).toBe('approved');
  expect(stateOf(tag(free, 'shop'), { [free]: approved() })).toBe(
    'changed: it was approved for docs',
  );
  expect(stateOf(tag(free, 'docs', 'default'), { [free]: approved() })).toBe(
    'changed: it was approved for docs',
  );
  const other = listenerArn('other');
  expect(stateOf(tag(other), { [free]: { ...approved(), certificate: 'gone' } })).toBe('waiting');
});

test('who said no hears of the same tag no more, and of another one', () => {
  const no = { ...approved(), state: 'withdrawn' } as const;
  expect(stateOf(tag(free), { [free]: no })).toBe('withdrawn');
  expect(stateOf(tag(free, 'shop'), { [free]: no })).toBe('waiting');
});

test('a tag is gone where a whole look after the approval has not seen it', () => {
  const states = (finds: Finds, approvals: Approvals = { [free]: approved() }) =>
    discoveredIn(config, finds, approvals).map(({ state }) => state);
  expect(states(findsOf([]))).toEqual(['untagged']);
  expect(states(findsOf([], home, false))).toEqual(['approved']);
  expect(states({})).toEqual(['approved']);
  const young = { [free]: { ...approved(), at: '2026-12-01T11:00:00.000Z' } };
  expect(states(findsOf([]), young)).toEqual(['approved']);
});

test('approved resources are targets of their certificate, marked as found', () => {
  const classic = `${elb}:loadbalancer/legacy`;
  const approvals = { [free]: approved(), [classic]: approved('old'), [distribution]: approved() };
  const after = withApproved(config, approvals);
  expect(after.certificates.map(({ found, id, targets }) => [id, targets.length, found])).toEqual([
    ['shop', 1, undefined],
    ['docs', 2, [`alb:sni:${free}`, 'cloudfront:123456789012/E2QWRUHAPOMQZL']],
    ['old', 1, [`clb:${home}/legacy:443`]],
    ['big', 0, undefined],
  ]);
  // Read again, they are not taken for those of the file.
  expect(withApproved(after, approvals).certificates.map(({ found }) => found)).toEqual(
    after.certificates.map(({ found }) => found),
  );
  const again = discoveredIn(after, findsOf([tag(free)]), approvals);
  expect(again.find(({ arn }) => arn === free)?.state).toBe('approved');
});

test.each<[string, Approvals]>([
  ['of a certificate that nobody knows', { [free]: approved('nothing') }],
  ['that was withdrawn', { [free]: { ...approved(), state: 'withdrawn' } }],
  ['where discovery does not look', { [free.replace('us-east-1', 'us-west-2')]: approved() }],
  ['against the file', { [inFile]: approved('docs', 'default') }],
  ['of what is no ARN', { nothing: approved() }],
])('an approval %s counts for nothing', (_, approvals) => {
  expect(withApproved(config, approvals)).toBe(config);
});

test('the keys of each kind are those of its spec', () => {
  for (const [type, keys] of Object.entries(takenKeys)) {
    const spec = targetSpecs[type as keyof typeof takenKeys];
    expect([type, keys]).toEqual([type, spec.keyAlgorithms]);
    expect(spec.whenTagged.length).toBeGreaterThan(0);
  }
});
