import type { Change } from '@aws-sdk/client-route-53';
import { apply, call, change, createZone, resolverOf } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '#shared/time/clock.ts';
import { type Route53Lab, route53Lab } from '#test/support/route53-lab.ts';

const name = '_acme-challenge.example.com';
let lab: Route53Lab;
let zoneId: string;

beforeEach(async () => {
  lab = await route53Lab();
  zoneId = createZone(lab.dns, 'example.com').replace('/hostedzone/', '');
});
afterEach(() => lab.close());

/** As cert-manager writes one token: a set of its own, whose identifier is the quoted value. */
function theirs(value: string): Change {
  const plain = change('CREATE', name, 'TXT', [`"${value}"`], 10);
  const routing = { SetIdentifier: `"${value}"`, MultiValueAnswer: true };
  return { ...plain, ResourceRecordSet: { ...plain.ResourceRecordSet, ...routing } as never };
}

function setsAt() {
  const { ResourceRecordSets } = call(lab.dns, 'ListResourceRecordSets', { HostedZoneId: zoneId });
  return ResourceRecordSets.filter((set: { Type: string }) => set.Type === 'TXT').map(
    (set: { SetIdentifier?: string; ResourceRecords: { Value: string }[] }) => [
      set.SetIdentifier ?? null,
      ...set.ResourceRecords.map(({ Value }) => Value),
    ],
  );
}

test('beside sets with identifiers ours are such sets too, one for each value', async () => {
  apply(lab.dns, zoneId, theirs('theirs'));
  const values = ['apex', 'wildcard'].map((value) => ({ name, value }));
  const solver = lab.solver();
  const handle = await solver.publish(zoneId, values);
  lab.clock.advance(minuteMs);
  expect(await solver.isPublished(handle)).toBe(true);
  expect(setsAt().sort()).toEqual([
    ['"theirs"', '"theirs"'],
    ['apex', '"apex"'],
    ['wildcard', '"wildcard"'],
  ]);
  const answers = await resolverOf(lab.server.address).resolveTxt(name);
  expect(answers.flat().sort()).toEqual(['apex', 'theirs', 'wildcard']);
  await solver.remove(zoneId, values);
  expect(setsAt()).toEqual([['"theirs"', '"theirs"']]);
});

test('orders that share the name do not disturb each other there', async () => {
  apply(lab.dns, zoneId, theirs('theirs'));
  const writers = Array.from({ length: 4 }, (_, index) => ({ name, value: `value-${index}` }));
  await Promise.all(writers.map((value) => lab.solver().publish(zoneId, [value])));
  expect(setsAt()).toHaveLength(5);
  await Promise.all(
    writers.map((value, index) =>
      index % 2 ? lab.solver().remove(zoneId, [value]) : lab.solver().publish(zoneId, [value]),
    ),
  );
  expect(setsAt().map(([id]: string[]) => id)).toEqual(['"theirs"', 'value-0', 'value-2']);
});

test('a value that is there already is put again, to have a change to wait for', async () => {
  apply(lab.dns, zoneId, theirs('theirs'));
  const first = await lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
  const again = await lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
  expect(again).not.toBe(first);
  expect(setsAt()).toHaveLength(2);
});

test('more sets than Route 53 answers with are refused', async () => {
  apply(lab.dns, zoneId, ...Array.from({ length: 8 }, (_, n) => theirs(`theirs-${n}`)));
  const published = lab.solver().publish(zoneId, [{ name, value: 'ours' }]);
  await expect(published).rejects.toMatchObject({
    name: 'DnsChangeRefused',
    message: expect.stringContaining('at most 8'),
  });
  expect(setsAt()).toHaveLength(8);
});
