import { describe, expect, test } from 'vitest';
import { albHttp01Solver } from '#shared/acquire/solvers/alb-http01/alb-http01.ts';
import type {
  ListenerRule,
  NewRule,
  RulesClient,
} from '#shared/acquire/solvers/alb-http01/client.ts';
import { challengePath } from '#shared/acquire/solvers/alb-http01/paths.ts';
import { freePriority } from '#shared/acquire/solvers/alb-http01/priority.ts';
import { askListener, type HttpGet } from '#shared/acquire/solvers/alb-http01/self-check.ts';
import { addMs } from '#shared/clock.ts';
import { fakeDns } from '#test/support/fake-dns.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const value = { name: 'example.com', value: 'token.thumbprint' };
const wanted = { host: 'example.com', path: `${challengePath}token` };
const owner = { certificate: 'shop', attemptId: 'a1' };

function rule(priority: number, change: Partial<ListenerRule> = {}): ListenerRule {
  return { arn: `rule-${priority}`, priority, hosts: [], paths: [], body: null, ...change };
}

describe('the priority of a rule', () => {
  test('is any that is free where nobody has a rule', () => {
    expect(freePriority([], wanted)).toBeGreaterThan(0);
  });

  test.each<[string, ListenerRule[], number]>([
    ['stands before every other rule', [rule(2, { hosts: ['example.net'] }), rule(3)], 1],
    [
      'stands before what takes the request where it cannot before all',
      [rule(1, { hosts: ['example.net'] }), rule(3)],
      2,
    ],
    [
      'need not stand before a rule for another token',
      [rule(1, { paths: [`${challengePath}other`] }), rule(3)],
      2,
    ],
    ['stands before a rule for any token', [rule(2, { paths: [`${challengePath}*`] })], 1],
    [
      'stands before a rule for hosts like ours',
      [rule(1, { hosts: ['a.b'] }), rule(2, { paths: ['/x'] }), rule(4, { hosts: ['EXAMPLE.*'] })],
      3,
    ],
  ])('%s', (_, rules, expected) => {
    expect(freePriority(rules, wanted)).toBe(expected);
  });

  test('stands before all others although one for another token is the first', () => {
    const rules = [rule(1, { paths: [`${challengePath}other`] }), rule(5, { hosts: ['a.b'] })];
    expect([2, 3, 4]).toContain(freePriority(rules, wanted));
  });

  test.each<[string, Partial<ListenerRule>]>([
    ['everything', {}],
    ['the host', { hosts: ['*.com'] }],
    ['the path', { paths: ['/.well-known/*'] }],
  ])('is none where the first rule takes %s', (_, change) => {
    expect(freePriority([rule(1, change)], wanted)).toBeNull();
  });
});

/** A listener in memory, whose priorities rivals take as told. */
function listenerOf(setup: { rivals?: number; protocol?: string } = {}) {
  const held = new Map<string, { rule: ListenerRule; tags: NewRule['tags'] }>();
  let rivals = setup.rivals ?? 0;
  const client: RulesClient = {
    listener: async () => ({ host: 'lb.test', port: 80, protocol: setup.protocol ?? 'HTTP' }),
    rules: async () => [...held.values()].map((each) => each.rule),
    tagged: async (arns, key) =>
      new Map(
        arns.flatMap((arn) => {
          const tag = held.get(arn)?.tags[key];
          return tag === undefined ? [] : [[arn, tag] as const];
        }),
      ),
    async create(_, { priority, host, path, body, tags }) {
      rivals -= 1;
      if (rivals >= 0) return null;
      const arn = `rule-${held.size + 1}`;
      const hosts = host === null ? [] : [host];
      held.set(arn, { rule: { arn, priority, hosts, paths: [path], body }, tags });
      return arn;
    },
    remove: async (arn) => void held.delete(arn),
  };
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

  test('of somebody else with the same path is left alone, and not taken for ours', async () => {
    const { held, solver } = listenerOf();
    const foreign = rule(7, { paths: [wanted.path], body: value.value, arn: 'foreign' });
    held.set('foreign', { rule: foreign, tags: { 'certkeep:managed': 'certkeep2' } });
    await solver.publish('listener', [value], owner);
    expect(held.size).toBe(2);
    await solver.remove('listener', [value]);
    expect([...held.keys()]).toEqual(['foreign']);
  });

  test('goes by its path alone for a name that no host condition takes', async () => {
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

describe('a listener answers', () => {
  const clock = virtualClock();
  const listener = { host: 'lb.test', port: 80, protocol: 'HTTP' };
  const dns = fakeDns({ 'lb.test': { A: ['192.0.2.1', '192.0.2.2'] } });

  async function asked(get: HttpGet, patienceMs = 120_000) {
    const start = clock.now();
    const waiting = { dns, clock, everyMs: 4_000, deadline: addMs(start, patienceMs) };
    const proof = await askListener(listener, [value], waiting, get);
    return { proof, seconds: (clock.now().getTime() - start.getTime()) / 1_000 };
  }

  const right = { status: 200, body: value.value };

  test('when every address has answered right three times in a row', async () => {
    let asks = 0;
    const hosts = new Set<string>();
    const { proof, seconds } = await asked(async ({ address, host, path }) => {
      asks += 1;
      hosts.add(`${host} ${path} ${address}`);
      return right;
    });
    expect([proof.kind, asks, seconds]).toEqual(['served', 6, 8]);
    expect(hosts.size).toBe(2);
    expect([...hosts][0]).toBe(`example.com ${wanted.path} 192.0.2.1`);
  });

  test('not before a node that is behind has caught up', async () => {
    let looks = 0;
    const { proof, seconds } = await asked(async ({ address }) => {
      if (address === '192.0.2.1') return right;
      looks += 1;
      return looks === 2 ? { status: 301, body: '' } : right;
    });
    expect([proof.kind, seconds]).toEqual(['served', 16]);
  });

  test.each<[string, HttpGet, object]>([
    [
      'something else',
      async () => ({ status: 200, body: 'a page' }),
      {
        kind: 'missing',
        what: expect.stringMatching(/192\.0\.2\.1:80 is answered with something else$/),
      },
    ],
    [
      'a redirect',
      async () => ({ status: 301, body: '' }),
      { kind: 'missing', what: expect.stringMatching(/with 301$/) },
    ],
    [
      'nothing at one of its addresses',
      async ({ address }) => {
        if (address === '192.0.2.1') return right;
        throw new Error('connect ECONNREFUSED');
      },
      {
        kind: 'silent',
        what: expect.stringMatching(/192\.0\.2\.2:80 is not answered: connect ECONNREFUSED$/),
      },
    ],
  ])('with %s: known after a minute', async (_, get, expected) => {
    const { proof, seconds } = await asked(get);
    expect(proof).toEqual(expected);
    expect(seconds).toBe(60);
  });

  test('no longer than the run may wait', async () => {
    const { proof, seconds } = await asked(async () => ({ status: 301, body: '' }), 10_000);
    expect([proof.kind, seconds]).toEqual(['missing', 8]);
  });
});
