import { expect, test } from 'vitest';
import { delegationProblem } from '#shared/dns/delegation.ts';
import { publicZoneOf } from '#shared/dns/public-zone.ts';
import { type FakeRecords, fakeDns } from '#test/support/fake-dns.ts';

const name = '_acme-challenge.www.example.com';
const ours = ['ns1.dns.test', 'ns2.dns.test'];
const healthy: Readonly<Record<string, FakeRecords>> = { 'example.com': { NS: ours } };
const zone = { name: 'example.com', nameServers: ours };

function problem(records: Readonly<Record<string, FakeRecords>>, written = zone) {
  return delegationProblem(name, written, fakeDns(records));
}

test('a zone whose servers are those that public DNS gives is fine', async () => {
  expect(await problem(healthy)).toBeNull();
});

test('one server in common is enough', async () => {
  expect(await problem({ 'example.com': { NS: ['ns9.other.test', 'ns2.dns.test'] } })).toBeNull();
});

test('a zone that somebody else answers for is told with both sides', async () => {
  expect(await problem({ 'example.com': { NS: ['b.other.test', 'a.other.test'] } })).toBe(
    'example.com is delegated to a.other.test, b.other.test, but the zone that is written to has ns1.dns.test, ns2.dns.test',
  );
});

test('a name that is delegated away below the zone is told', async () => {
  const records = { ...healthy, 'www.example.com': { NS: ['a.other.test'] } };
  expect(await problem(records)).toBe(
    'www.example.com is delegated away from example.com, to a.other.test',
  );
});

test('a zone that the zone above does not delegate is told', async () => {
  const written = { name: 'www.example.com', nameServers: ours };
  expect(await problem(healthy, written)).toContain('www.example.com is not delegated');
});

test('a domain that nobody answers for is told', async () => {
  expect(await problem({})).toContain('public DNS knows no zone');
});

test('a zone for the challenges alone is a zone like any other', async () => {
  const written = { name, nameServers: ours };
  expect(await problem({ ...healthy, [name]: { NS: ours } }, written)).toBeNull();
});

test('servers under names of their owner’s own are known by their addresses', async () => {
  const white = {
    'example.com': { NS: ['ns1.example.com'] },
    'ns1.example.com': { A: ['192.0.2.1'] },
  };
  const addresses = { 'ns1.dns.test': { A: ['192.0.2.1'] }, 'ns2.dns.test': { A: ['192.0.2.2'] } };
  expect(await problem({ ...white, ...addresses })).toBeNull();
  const elsewhere = { ...addresses, 'ns1.dns.test': { A: ['192.0.2.7'] } };
  expect(await problem({ ...white, ...elsewhere })).toContain('is delegated to ns1.example.com');
});

test('it reports nothing if DNS does not answer, or the service does not name its servers', async () => {
  const other = { 'example.com': { NS: ['a.other.test'] } };
  for (const silent of ['example.com', 'www.example.com', 'a.other.test']) {
    const dns = fakeDns(other);
    dns.silence(silent);
    expect(await delegationProblem(name, zone, dns)).toBeNull();
  }
  expect(await delegationProblem(name, { ...zone, nameServers: null }, fakeDns(other))).toBeNull();
});

test('an alias is no zone, although the resolver answers for where it leads', async () => {
  const records = {
    ...healthy,
    'www.example.com': { CNAME: 'example.net' },
    'example.net': { NS: ['a.other.test'] },
  };
  expect(await publicZoneOf(name, fakeDns(records))).toMatchObject({ name: 'example.com' });
  expect(await problem(records)).toBeNull();
});
