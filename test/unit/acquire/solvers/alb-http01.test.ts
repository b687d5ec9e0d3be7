import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { albHttp01Solver } from '#shared/solvers/alb-http01/alb-http01.ts';
import { challengePath } from '#shared/solvers/alb-http01/answering/paths.ts';
import type { ListenerRule } from '#shared/solvers/alb-http01/client.ts';
import { permanentSolver } from '#shared/solvers/alb-http01/permanent.ts';
import { fakeRules } from '#test/support/fake-rules.ts';

const value = { name: 'example.com', value: 'token.thumbprint' };
const wanted = { host: 'example.com', path: `${challengePath}token` };
const owner = { certificate: 'shop', attemptId: 'a1' };

function rule(priority: number, change: Partial<ListenerRule> = {}): ListenerRule {
  return { arn: `rule-${priority}`, priority, hosts: [], paths: [], body: null, ...change };
}

function listenerOf(setup: { rivals?: number; protocol?: string } = {}) {
  const { client, held } = fakeRules(setup);
  const solver = albHttp01Solver({
    listener: 'listener',
    installation: 'certkeep',
    client,
    clock: virtualClock(),
    get: async () => ({ status: 200, body: value.value }),
  });
  return { held, client, solver };
}

describe('a rule', () => {
  test('is made once, however often it is asked for', async () => {
    const { held, solver } = listenerOf();
    for (let run = 0; run < 3; run += 1) await solver.publish('listener', [value], owner);
    expect(
      [...held.values()].map(({ rule: { hosts, paths, body } }) => [hosts, paths, body]),
    ).toEqual([[['example.com'], [wanted.path], value.value]]);
  });

  test('is made when rivals take priorities before it, and not tried for ever', async () => {
    const { held, solver } = listenerOf({ rivals: 3 });
    await solver.publish('listener', [value], owner);
    expect(held.size).toBe(1);
    const never = listenerOf({ rivals: 1_000 });
    await expect(never.solver.publish('listener', [value], owner)).rejects.toMatchObject({
      name: 'ChallengeRuleRefused',
    });
  });

  test('of somebody else with the same path stays, and does not count as ours', async () => {
    const { held, solver } = listenerOf();
    const foreign = rule(7, { paths: [wanted.path], body: value.value, arn: 'foreign' });
    held.set('foreign', { rule: foreign, tags: { 'certkeep:managed': 'certkeep2' } });
    await solver.publish('listener', [value], owner);
    expect(held.size).toBe(2);
    await solver.remove('listener', [value]);
    expect([...held.keys()]).toEqual(['foreign']);
  });

  test('has only a path condition for a name that no host condition accepts', async () => {
    const { held, solver } = listenerOf();
    const names = ['xn--e1afmkfd.xn--p1ai', `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`];
    await solver.publish(
      'listener',
      names.map((name, index) => ({ name, value: `t${index}.x` })),
      owner,
    );
    expect([...held.values()].map((each) => each.rule.hosts)).toEqual([[], []]);
  });

  test('is not made where the listener speaks TLS', async () => {
    const { held, solver } = listenerOf({ protocol: 'HTTPS' });
    await expect(solver.publish('listener', [value], owner)).rejects.toMatchObject({
      name: 'ChallengeListenerUnusable',
    });
    expect(held.size).toBe(0);
  });
});

test('nothing is put behind a permanent rule of a listener that speaks TLS', async () => {
  const put: string[] = [];
  const { client } = listenerOf({ protocol: 'HTTPS' });
  const solver = permanentSolver({
    listener: 'listener',
    client,
    clock: virtualClock(),
    get: async () => ({ status: 400, body: '' }),
    objects: {
      get: async () => null,
      putIf: async (key) => {
        put.push(key);
        return { outcome: 'written', etag: '"1"' };
      },
      remove: async () => undefined,
    },
  });
  await expect(solver.publish('listener', [value], owner)).rejects.toMatchObject({
    name: 'ChallengeListenerUnusable',
  });
  expect(put).toEqual([]);
});
