import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Config } from '#shared/config/config.ts';
import { configuredSolvers } from '#shared/solvers/configured.ts';
import { solverKey } from '#shared/solvers/solver-key.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import { loadedSolvers } from '#test/support/loaded-solvers.ts';
import { solverDeps } from '#test/support/solver-deps.ts';

const roleArn = 'arn:aws:iam::111122223333:role/dns';
const plain: SolverConfig = { type: 'route53', cnameStrategy: 'none' };
const cases: readonly (readonly [string, SolverConfig])[] = [
  ['route53', plain],
  ['route53?hostedZoneId=Z1', { ...plain, hostedZoneId: 'Z1' }],
  [
    'route53?externalId=a%26b%3Dc&hostedZoneId=Z1&roleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdns',
    { ...plain, roleArn, hostedZoneId: 'Z1', externalId: 'a&b=c' },
  ],
  ['alb-http01?listener=l', { type: 'alb-http01', listener: 'l', rule: 'temporary' }],
  [
    'alb-http01?listener=l&rule=permanent',
    { type: 'alb-http01', listener: 'l', rule: 'permanent', priority: 7 },
  ],
  ['cloudflare?secret=dns%2Fx', { type: 'cloudflare', secret: 'dns/x', cnameStrategy: 'none' }],
];

function configured(solvers: readonly SolverConfig[], retired: Config['retired']['solvers'] = []) {
  const deps = solverDeps({ clock: virtualClock() });
  return configuredSolvers(loadedSolvers, { solvers, retired: { solvers: retired } }, deps);
}

test.each(cases)('%s says where values are published', (key, config) => {
  expect(solverKey(config)).toBe(key);
});

test('the names of a solver do not change its key; the place where it writes does', () => {
  const selector = { dnsZones: ['example.com'] };
  expect(solverKey({ ...plain, selector })).toBe('route53');
  expect(solverKey({ ...plain, cnameStrategy: 'follow' })).toBe('route53?cnameStrategy=follow');
});

test('one instance does for all solvers that publish in one place', () => {
  const selector = { dnsZones: ['example.com'] };
  const follow = { ...plain, selector: { dnsZones: ['example.org'] }, cnameStrategy: 'follow' };
  const solvers = configured([plain, { ...plain, selector }, follow as SolverConfig]);
  const names = ['example.net', 'example.com', 'example.org'];
  const [one, other, third] = names.map((name) => solvers.forName(name));
  expect(one?.solver).toBe(other?.solver);
  expect(solvers.byKey('route53')).toBe(one?.solver);
  expect(third?.solver).not.toBe(one?.solver);
  expect([one?.cnameStrategy, third?.cnameStrategy]).toEqual(['none', 'follow']);
});

test('a name without a solver for an offered challenge is reported', () => {
  const only: SolverConfig = { ...plain, selector: { dnsZones: ['example.com'] } };
  const solvers = configured([only]);
  expect(() => solvers.forName('example.net')).toThrow('no solver is configured for example.net');
  expect(() => solvers.forName('www.example.com', ['http-01'])).toThrow('http-01');
});
