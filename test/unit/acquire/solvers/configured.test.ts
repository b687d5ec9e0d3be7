import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { configuredSolvers } from '#shared/solvers/configured.ts';
import { configYaml, parsed } from '#test/support/config-yaml.ts';
import { loadedSolvers } from '#test/support/loaded-solvers.ts';
import { solverDeps } from '#test/support/solver-deps.ts';

const deps = solverDeps({ clock: virtualClock() });

function solversOf(solvers: string, retired: string) {
  const { config } = parsed(
    configYaml({ solvers: `solvers: [${solvers}]`, retired: `retired: {solvers: [${retired}]}` }),
  );
  return configuredSolvers(loadedSolvers, config, deps);
}

test('a retired solver removes what was published through it, and proves no name', () => {
  const solvers = solversOf(
    '{type: route53, hostedZoneId: ZNEW}',
    '{type: route53, hostedZoneId: ZOLD}, {type: route53}',
  );
  expect(solvers.byKey('route53?hostedZoneId=ZOLD')).not.toBeNull();
  expect(solvers.byKey('route53')).not.toBeNull();
  expect(solvers.forName('shop.example.com').key).toBe('route53?hostedZoneId=ZNEW');
});

test('a name that only a retired solver would cover has none', () => {
  const certificates = 'certificates: {shop: {names: [shop.example.com], issuer: letsencrypt}}';
  const { config } = parsed(
    configYaml({
      certificates,
      solvers: 'solvers: [{type: route53, selector: {dnsZones: [example.com]}}]',
      retired: 'retired: {solvers: [{type: route53, hostedZoneId: ZOLD}]}',
    }),
  );
  expect(() => configuredSolvers(loadedSolvers, config, deps).forName('shop.example.net')).toThrow(
    'no solver is configured for shop.example.net',
  );
});

test('a key that is neither configured nor retired has no solver', () => {
  expect(solversOf('{type: route53}', '').byKey('route53?hostedZoneId=ZOLD')).toBeNull();
});
