import { apply, change, createZone, resolverOf } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { waitUntilPublished } from '#shared/solvers/solver.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { type Route53Lab, route53Lab } from '#test/support/route53-lab.ts';

const name = '_acme-challenge.example.com';
let lab: Route53Lab;
let zoneId: string;

beforeEach(async () => {
  lab = await route53Lab({ insyncMs: 20_000 });
  zoneId = createZone(lab.dns, 'example.com').replace('/hostedzone/', '');
});
afterEach(() => lab.close());

describe('publishing', () => {
  test('puts several values at one name, which DNS answers once the change is in sync', async () => {
    const solver = lab.solver();
    const values = ['apex', 'wildcard'].map((value) => ({ name, value }));
    const handle = await solver.publish(zoneId, values);
    expect(await solver.isPublished(handle)).toBe(false);
    const deadline = addMs(lab.clock.now(), minuteMs);
    await waitUntilPublished(solver, handle, lab.clock, {
      since: lab.clock.now(),
      everyMs: 4_000,
      deadline,
    });
    const answers = await resolverOf(lab.server.address).resolveTxt(name);
    expect(answers.flat().sort()).toEqual(['apex', 'wildcard']);
    expect(lab.asked('ChangeResourceRecordSets')).toBe(1);
  });

  test('changes all names of a zone in one batch', async () => {
    await lab.solver().publish(zoneId, [
      { name, value: 'a' },
      { name: '_acme-challenge.www.example.com', value: 'b' },
    ]);
    expect(lab.asked('ChangeResourceRecordSets')).toBe(1);
    expect(lab.txtAt(zoneId, '_acme-challenge.www.example.com')?.values).toEqual(['"b"']);
  });

  test('of a hundred names costs one request, and so does taking them away', async () => {
    const values = Array.from({ length: 100 }, (_, n) => ({
      name: `_acme-challenge.n${n}.example.com`,
      value: `value ${n}`,
    }));
    const solver = lab.solver();
    await solver.publish(zoneId, values);
    expect(lab.txtAt(zoneId, '_acme-challenge.n99.example.com')?.values).toEqual(['"value 99"']);
    await solver.remove(zoneId, values);
    expect(lab.txtAt(zoneId, '_acme-challenge.n99.example.com')).toBeNull();
    expect(lab.faults.calls).toHaveLength(2);
  });

  test('keeps values of others and their TTL, and takes away only its own', async () => {
    const foreign = ['"somebody\'s"', '"two" "strings"', '"with \\"quotes\\" and \\052"'];
    apply(lab.dns, zoneId, change('CREATE', name, 'TXT', foreign, 777));
    const solver = lab.solver();
    await solver.publish(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)).toEqual({ ttl: 777, values: [...foreign, '"ours"'] });
    await solver.remove(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)).toEqual({ ttl: 777, values: foreign });
  });

  test('does not take the set of the next name for its own', async () => {
    const neighbour = change('CREATE', '_acme-challenge.zz.example.com', 'TXT', ['"theirs"'], 60);
    apply(lab.dns, zoneId, neighbour);
    await lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)?.values).toEqual(['"ours"']);
    await lab.solver().remove(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)).toBeNull();
    expect(lab.txtAt(zoneId, '_acme-challenge.zz.example.com')?.values).toEqual(['"theirs"']);
  });

  test('of a value that is there already is a change of its own to wait for', async () => {
    await lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
    const resumed = lab.solver();
    const handle = await resumed.publish(zoneId, [{ name, value: 'ours' }]);
    expect(await resumed.isPublished(handle)).toBe(false);
    expect(lab.txtAt(zoneId, name)?.values).toEqual(['"ours"']);
  });

  test('finds its values published when the answer was lost', async () => {
    lab.faults.add({
      when: ({ operation }) => operation === 'ChangeResourceRecordSets',
      fault: { do: 'lose-answer' },
    });
    await lab.solver({ maxAttempts: 3 }).publish(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)?.values).toEqual(['"ours"']);
  });

  test('is asked about only when it may be in sync, and less and less', async () => {
    await lab.close();
    lab = await route53Lab({ insyncMs: 59_000 });
    zoneId = createZone(lab.dns, 'example.com').replace('/hostedzone/', '');
    const solver = lab.solver();
    const since = lab.clock.now();
    const handle = await solver.publish(zoneId, [{ name, value: 'ours' }]);
    const times: number[] = [];
    const deadline = addMs(since, 2 * minuteMs);
    const isPublished = (change: string) => {
      times.push(Math.round((lab.clock.now().getTime() - since.getTime()) / 1_000));
      return solver.isPublished(change);
    };
    const looked = { ...solver, isPublished };
    await waitUntilPublished(looked, handle, lab.clock, { since, everyMs: 4_000, deadline });
    expect(times).toEqual([16, 20, 24, 29, 35, 41, 50, 60]);
  });

  test('gives up waiting at the deadline', async () => {
    const solver = lab.solver();
    const handle = await solver.publish(zoneId, [{ name, value: 'ours' }]);
    const deadline = addMs(lab.clock.now(), 10_000);
    await expect(
      waitUntilPublished(solver, handle, lab.clock, {
        since: lab.clock.now(),
        everyMs: 4_000,
        deadline,
      }),
    ).rejects.toMatchObject({ name: 'DnsChangeTimedOut' });
    expect(lab.clock.now() <= deadline).toBe(true);
  });
});

describe('removing', () => {
  test('is success when the value, the set or the zone is gone', async () => {
    const solver = lab.solver();
    await solver.remove(zoneId, [{ name, value: 'never there' }]);
    apply(lab.dns, zoneId, change('CREATE', name, 'TXT', ['"theirs"'], 60));
    await solver.remove(zoneId, [{ name, value: 'ours' }]);
    await solver.remove('ZGONE', [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)?.values).toEqual(['"theirs"']);
  });
});
