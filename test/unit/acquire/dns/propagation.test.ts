import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { judgePropagation, waitUntilServed } from '#shared/dns/propagation.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { fakeDns } from '#test/support/fake-dns.ts';

const name = '_acme-challenge.example.com';
const values = [{ name, value: 'ours' }];

function lab() {
  const clock = virtualClock();
  const dns = fakeDns({
    'example.com': { NS: ['ns1.dns.test', 'ns2.dns.test'] },
    'ns1.dns.test': { A: ['192.0.2.1', '192.0.2.2'] },
    'ns2.dns.test': { A: ['192.0.2.3'] },
  });
  const waiting = { dns, clock, everyMs: 4_000, deadline: addMs(clock.now(), minuteMs) };
  const start = clock.now().getTime();
  const seconds = () => (clock.now().getTime() - start) / 1_000;
  return { clock, dns, waiting, seconds, wait: () => waitUntilServed(values, waiting) };
}

const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];

test('a value is served when every address of every name server has it', async () => {
  const { clock, dns, seconds, wait } = lab();
  for (const address of addresses) dns.servers.set(address, ['theirs']);
  const waiting = wait();
  for (const [index, address] of addresses.entries()) {
    void clock.sleep(10_000 * (index + 1)).then(() => dns.servers.set(address, ['theirs', 'ours']));
  }
  expect(await waiting).toBe(true);
  expect(seconds()).toBeGreaterThanOrEqual(30);
  expect(dns.asked.filter((each) => each.endsWith('@192.0.2.1')).length).toBeLessThan(
    dns.asked.filter((each) => each.endsWith('@192.0.2.3')).length,
  );
});

test('a server that stays without the value is named at the deadline', async () => {
  const { dns, seconds, wait } = lab();
  for (const address of addresses) dns.servers.set(address, ['ours']);
  dns.servers.set('192.0.2.2', []);
  await expect(wait()).rejects.toMatchObject({
    name: 'DnsChangeTimedOut',
    message: 'still without the value: ns1.dns.test (192.0.2.2)',
  });
  expect(seconds()).toBeLessThanOrEqual(60);
});

test('a server that does not answer is not waited for', async () => {
  const { dns, seconds, wait } = lab();
  dns.servers.set('192.0.2.1', ['ours']);
  expect(await wait()).toBe(true);
  expect(seconds()).toBe(0);
});

test('if no server can be asked, two looks are enough to know', async () => {
  const { dns, wait } = lab();
  expect(await wait()).toBe(false);
  expect(dns.asked.filter((each) => each.startsWith('TXT'))).toHaveLength(6);
});

test('if the name servers are unknown, it asks nobody', async () => {
  const { dns, wait } = lab();
  dns.silence('example.com');
  expect(await wait()).toBe(false);
  expect(dns.asked.filter((each) => each.startsWith('TXT'))).toEqual([]);
});

test('a hundred names are proven, and their zone is looked up once', async () => {
  const { dns, waiting } = lab();
  for (const address of addresses) dns.servers.set(address, ['ours']);
  const many = Array.from({ length: 100 }, (_, n) => ({
    name: `_acme-challenge.n${n}.example.com`,
    value: 'ours',
  }));
  expect(await waitUntilServed(many, waiting)).toBe(true);
  expect(dns.asked.filter((each) => each.startsWith('TXT'))).toHaveLength(300);
  expect(dns.asked.filter((each) => each === 'NS example.com')).toHaveLength(1);
});

test('for many names at silent servers it asks only the first questions', async () => {
  const { dns, waiting } = lab();
  const many = Array.from({ length: 100 }, (_, n) => ({
    name: `_acme-challenge.n${n}.example.com`,
    value: 'ours',
  }));
  expect(await waitUntilServed(many, waiting)).toBe(false);
  expect(dns.asked.filter((each) => each.startsWith('TXT'))).toHaveLength(2 * 64);
});

describe('what answers prove', () => {
  const other = { name: '_acme-challenge.www.example.com', value: 'second' };
  const sight = (server: string, about: string, ...records: string[]) => ({
    server,
    name: about,
    answer: { answered: true, records } as const,
  });

  test('several values at one name must all be there', () => {
    const both = [...values, { name, value: 'wildcard' }];
    expect(judgePropagation(both, [sight('a', name, 'ours')])).toMatchObject({ kind: 'missing' });
    expect(judgePropagation(both, [sight('a', name, 'wildcard', 'ours')])).toEqual({
      kind: 'there',
    });
  });

  test('a name that no server answers for is not proven by the others', () => {
    const seen = [sight('a', name, 'ours')];
    expect(judgePropagation([...values, other], seen)).toEqual({ kind: 'silent' });
  });

  test('a server is named once, for however many names', () => {
    const seen = [sight('a', name), sight('a', other.name), sight('b', name, 'ours')];
    expect(judgePropagation([...values, other], seen)).toEqual({
      kind: 'missing',
      servers: ['a'],
    });
  });
});
