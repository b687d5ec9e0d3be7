import { expect, test } from 'vitest';
import { configuredSolvers } from '#shared/acquire/solvers/configured.ts';
import { solverKey, solverOfKey } from '#shared/acquire/solvers/solver-key.ts';
import type { SolverConfig } from '#shared/config/config.ts';
import { solverDeps } from '#test/support/solver-deps.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const roleArn = 'arn:aws:iam::111122223333:role/dns';
const plain: SolverConfig = { type: 'route53', cnameStrategy: 'none' };
const cases: readonly (readonly [string, SolverConfig])[] = [
  ['route53', plain],
  ['route53?hostedZoneId=Z1', { ...plain, hostedZoneId: 'Z1' }],
  [
    'route53?externalId=a%26b%3Dc&hostedZoneId=Z1&roleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdns',
    { ...plain, roleArn, hostedZoneId: 'Z1', externalId: 'a&b=c' },
  ],
  ['cloudflare?secret=dns%2Fx', { type: 'cloudflare', secret: 'dns/x', cnameStrategy: 'none' }],
];

test.each(cases)('%s says where values are published, and is read back', (key, config) => {
  expect(solverKey(config)).toBe(key);
  expect(solverOfKey(key)).toEqual(config);
});

test('which names a solver is for, and whether it follows CNAMEs, changes nothing about it', () => {
  const selector = { dnsZones: ['example.com'] };
  expect(solverKey({ ...plain, selector, cnameStrategy: 'follow' })).toBe('route53');
});

test.each(['', 'bind9', 'route53:Z1', 'constructor'])('%j is no key of a solver', (key) => {
  expect(solverOfKey(key)).toBeNull();
});

test('a solver that has left the configuration is made again from the key in the ledger', () => {
  const clock = virtualClock();
  const solvers = configuredSolvers([plain], solverDeps({ clock }));
  const chosen = solvers.forName('www.example.com');
  expect(solvers.byKey(chosen.key)).toBe(chosen.solver);
  const left = 'cloudflare?secret=dns%2Fx';
  expect(solvers.byKey(left)).not.toBeNull();
  expect(solvers.byKey(left)).toBe(solvers.byKey(left));
  expect(solvers.byKey('bind9')).toBeNull();
});

test('a name for which no solver answers a challenge that the CA offers is told', () => {
  const only: SolverConfig = { ...plain, selector: { dnsZones: ['example.com'] } };
  const solvers = configuredSolvers([only], solverDeps({ clock: virtualClock() }));
  expect(() => solvers.forName('example.net')).toThrow('no solver is configured for example.net');
  expect(() => solvers.forName('www.example.com', ['http-01'])).toThrow('http-01');
});
