import { createZone } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs } from '#shared/time/clock.ts';
import { type Route53Lab, route53Lab } from '#test/support/route53-lab.ts';

let lab: Route53Lab;

beforeEach(async () => {
  lab = await route53Lab();
});
afterEach(() => lab.close());

function zone(name: string, more: object = {}): string {
  return createZone(lab.dns, name, more).replace('/hostedzone/', '');
}

const privateZone = {
  HostedZoneConfig: { PrivateZone: true },
  VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-1' },
};

test('the longest public zone that holds the name is taken', async () => {
  zone('com');
  const apex = zone('example.com');
  const shop = zone('shop.example.com');
  zone('notexample.com');
  const solver = lab.solver();
  expect(await solver.zoneFor('_acme-challenge.www.shop.example.com')).toMatchObject({
    zoneId: shop,
    name: 'shop.example.com',
  });
  expect(await solver.zoneFor('_acme-challenge.example.com')).toMatchObject({ zoneId: apex });
});

test('a zone delegated for the challenges alone is found', async () => {
  zone('example.com');
  const challenges = zone('_acme-challenge.example.com');
  expect(await lab.solver().zoneFor('_acme-challenge.example.com')).toMatchObject({
    zoneId: challenges,
  });
});

test('private zones do not count', async () => {
  const apex = zone('example.com');
  zone('shop.example.com', privateZone);
  expect(await lab.solver().zoneFor('_acme-challenge.shop.example.com')).toMatchObject({
    zoneId: apex,
  });
});

test('two public zones of one name are for a person to decide', async () => {
  const ids = [zone('example.com'), zone('example.com')];
  await expect(lab.solver().zoneFor('_acme-challenge.example.com')).rejects.toMatchObject({
    name: 'ZoneNotFound',
    message: expect.stringContaining('hostedZoneId'),
  });
  const solver = lab.solver({ hostedZoneId: ids[1] as string });
  expect(await solver.zoneFor('_acme-challenge.example.com')).toEqual({
    zoneId: ids[1],
    name: 'example.com',
  });
});

test('no zone is an error, and a zone created because of it is found at once', async () => {
  const solver = lab.solver();
  const asked = solver.zoneFor('_acme-challenge.example.com');
  await expect(asked).rejects.toMatchObject({ name: 'ZoneNotFound' });
  const created = zone('example.com');
  expect(await solver.zoneFor('_acme-challenge.example.com')).toMatchObject({ zoneId: created });
});

test('zones are remembered for a while', async () => {
  zone('example.com');
  const solver = lab.solver();
  await solver.zoneFor('_acme-challenge.example.com');
  const before = lab.asked('ListHostedZonesByName');
  await solver.zoneFor('_acme-challenge.example.com');
  expect(lab.asked('ListHostedZonesByName')).toBe(before);
  const shop = zone('shop.example.com');
  lab.clock.advance(11 * minuteMs);
  expect(await solver.zoneFor('_acme-challenge.shop.example.com')).toMatchObject({ zoneId: shop });
});

test('all names of a domain cost one request, however many zones it has', async () => {
  const zones = Array.from({ length: 120 }, (_, n) => `z${n}.example.com`);
  const ids = new Map(zones.map((name) => [name, zone(name)]));
  zone('example.com');
  zone('example-a.com');
  const solver = lab.solver();
  for (const [name, zoneId] of ids) {
    expect(await solver.zoneFor(`_acme-challenge.${name}`)).toMatchObject({ zoneId, name });
  }
  // 121 zones are two pages.
  expect(lab.asked('ListHostedZonesByName')).toBe(2);
});

test('names that are asked about at once cost one request, too', async () => {
  zone('example.com');
  const solver = lab.solver();
  const names = Array.from({ length: 20 }, (_, n) => `_acme-challenge.n${n}.example.com`);
  await Promise.all(names.map((name) => solver.zoneFor(name)));
  expect(lab.asked('ListHostedZonesByName')).toBe(1);
});

test('a zone that is named must be a public one that holds the name', async () => {
  const hidden = zone('example.com', privateZone);
  const other = zone('example.net');
  const refusals = [
    [hidden, 'private zone'],
    [other, 'does not hold _acme-challenge.example.com'],
    ['ZGONE', 'there is no hosted zone ZGONE'],
  ] as const;
  for (const [hostedZoneId, message] of refusals) {
    const asked = lab.solver({ hostedZoneId }).zoneFor('_acme-challenge.example.com');
    await expect(asked).rejects.toMatchObject({
      name: 'ZoneNotFound',
      message: expect.stringContaining(message),
    });
  }
});

test('the name servers of a zone are those of its delegation set', async () => {
  const apex = zone('example.com');
  const found = await lab.solver().nameServers(apex);
  expect(found).toHaveLength(4);
  expect(found?.[0]).toMatch(/^ns-\d\.z[0-9a-f]+\.awsdns\.test$/);
});

test('a role that may write to a zone and not look at it is enough', async () => {
  const apex = zone('example.com');
  const isLook = ({ operation }: { operation: string }) => operation === 'GetHostedZone';
  const fault = { do: 'refuse', code: 'AccessDenied', status: 403 } as const;
  lab.faults.add({ when: isLook, fault, times: Number.POSITIVE_INFINITY });
  const solver = lab.solver({ hostedZoneId: apex });
  expect(await solver.zoneFor('_acme-challenge.example.com')).toEqual({ zoneId: apex, name: null });
  expect(await solver.nameServers(apex)).toBeNull();
});
