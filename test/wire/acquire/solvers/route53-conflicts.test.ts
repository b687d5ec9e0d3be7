import type { Fault, OutsideCall } from 'local-cloud/faults.ts';
import { apply, change, createZone } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withinDeadline } from '#shared/time/deadline.ts';
import { type Route53Lab, route53Lab } from '#test/support/route53-lab.ts';

const name = '_acme-challenge.example.com';
let lab: Route53Lab;
let zoneId: string;

beforeEach(async () => {
  lab = await route53Lab();
  zoneId = createZone(lab.dns, 'example.com').replace('/hostedzone/', '');
});
afterEach(() => lab.close());

const isChange = ({ operation }: OutsideCall) => operation === 'ChangeResourceRecordSets';

describe('writers at the same name', () => {
  test('lose nothing of each other when they publish and remove at once', async () => {
    apply(lab.dns, zoneId, change('CREATE', name, 'TXT', ['"foreign"'], 120));
    const writers = Array.from({ length: 6 }, (_, index) => ({ name, value: `value-${index}` }));
    await Promise.all(writers.map((value) => lab.solver().publish(zoneId, [value])));
    expect(lab.txtAt(zoneId, name)?.values.toSorted()).toEqual([
      '"foreign"',
      ...writers.map(({ value }) => `"${value}"`),
    ]);
    await Promise.all(
      writers.map((value, index) =>
        index % 2 ? lab.solver().remove(zoneId, [value]) : lab.solver().publish(zoneId, [value]),
      ),
    );
    expect(lab.txtAt(zoneId, name)?.values.toSorted()).toEqual([
      '"foreign"',
      '"value-0"',
      '"value-2"',
      '"value-4"',
    ]);
  });

  test('never use UPSERT, which would undo the write in between', async () => {
    const solver = lab.solver();
    await solver.publish(zoneId, [{ name, value: 'a' }]);
    await solver.publish(zoneId, [{ name, value: 'b' }]);
    await solver.remove(zoneId, [{ name, value: 'a' }]);
    const batches = lab.faults.calls
      .filter(isChange)
      .map(({ input }) => JSON.stringify(input).match(/"Action":"[A-Z]+"/g));
    const guess = (action: string) => [`"Action":"${action}"`];
    const swap = [...guess('DELETE'), ...guess('CREATE')];
    // A guess that Route 53 refuses comes before each swap.
    expect(batches).toEqual([guess('CREATE'), guess('CREATE'), swap, guess('DELETE'), swap]);
  });
});

describe('Route 53 that', () => {
  test.each(['PriorRequestNotComplete', 'Throttling'])('says %s is asked again', async (code) => {
    lab.faults.add({ when: isChange, fault: { do: 'refuse', code }, times: 3 });
    await lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)?.values).toEqual(['"ours"']);
  });

  test('stays busy for ever is given up on', async () => {
    const fault = { do: 'refuse', code: 'PriorRequestNotComplete' } as const;
    lab.faults.add({ when: isChange, fault, times: Number.POSITIVE_INFINITY });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsChangeRefused',
      retryable: true,
    });
    expect(lab.asked('ChangeResourceRecordSets')).toBe(7);
  });

  test.each<[string, Fault]>([
    ['has an error of its own', { do: 'refuse', code: 'InternalError', status: 500 }],
    ['is not available', { do: 'refuse', code: 'ServiceUnavailable', status: 503 }],
    ['does not answer', { do: 'lose-answer' }],
  ])('%s has refused nothing', async (_, fault) => {
    lab.faults.add({ when: isChange, fault, times: Number.POSITIVE_INFINITY });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsServiceUnreachable',
      message: expect.stringMatching(/^Route 53: /),
    });
  });

  test('lost the zone between two looks says so', async () => {
    const fault = { do: 'refuse', code: 'NoSuchHostedZone', status: 404 } as const;
    lab.faults.add({ when: isChange, fault });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'ZoneNotFound',
    });
  });

  test('denies access is not asked twice', async () => {
    lab.faults.add({ when: isChange, fault: { do: 'refuse', code: 'AccessDenied', status: 403 } });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsChangeRefused',
      message: expect.stringContaining('AccessDenied'),
    });
    expect(lab.asked('ChangeResourceRecordSets')).toBe(1);
  });

  test('refuses a fresh batch is asked once more and then believed', async () => {
    apply(lab.dns, zoneId, change('CREATE', name, 'CNAME', ['elsewhere.example.net'], 60));
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsChangeRefused',
      message: expect.stringContaining('CNAME'),
    });
    expect(lab.asked('ChangeResourceRecordSets')).toBe(3);
  });

  test('throttles for ever is told apart from one that refuses', async () => {
    const fault = { do: 'refuse', code: 'Throttling' } as const;
    lab.faults.add({ when: isChange, fault, times: Number.POSITIVE_INFINITY });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsRateLimited',
    });
  });

  test('holds weighted sets at the name is left untouched', async () => {
    const set = change('CREATE', `${name}.`, 'TXT', ['"theirs"'], 10).ResourceRecordSet;
    lab.override('ListResourceRecordSets', {
      ResourceRecordSets: [{ ...set, SetIdentifier: 'theirs', Weight: 1 }],
      IsTruncated: false,
      MaxItems: 1,
    });
    lab.faults.add({
      when: isChange,
      fault: { do: 'refuse', code: 'InvalidChangeBatch' },
      times: 2,
    });
    await expect(lab.solver().publish(zoneId, [{ name, value: 'ours' }])).rejects.toMatchObject({
      name: 'DnsChangeRefused',
      message: expect.stringContaining('weighted'),
    });
    await lab.solver().remove(zoneId, [{ name, value: 'ours' }]);
    expect(lab.txtAt(zoneId, name)).toBeNull();
    expect(lab.asked('ChangeResourceRecordSets')).toBe(2);
  });
});

test('it changes nothing after the deadline of the caller', async () => {
  const late = AbortSignal.abort(new Error('the lease is over'));
  await expect(
    withinDeadline(late, () => lab.solver().publish(zoneId, [{ name, value: 'ours' }])),
  ).rejects.toThrow('the lease is over');
  expect(lab.txtAt(zoneId, name)).toBeNull();
});
