import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { apply, call, change, createZone, localDns } from 'local-cloud/kit/local-dns.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { delegationProblem } from '#shared/dns/delegation.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import { waitUntilServed } from '#shared/dns/propagation.ts';
import { publicZoneOf } from '#shared/dns/public-zone.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';

type Lab = Awaited<ReturnType<typeof localDns>> & { zoneId: string };

const name = '_acme-challenge.example.com';
let lab: Lab;

beforeEach(async () => {
  const cloud = await localDns({ insyncMs: 20_000 });
  lab = { ...cloud, zoneId: createZone(cloud.dns, 'example.com') };
});
afterEach(() => lab.server.close());

function client() {
  return nodeDnsClient({ resolver: lab.server.address, timeoutMs: 300 });
}

function put(...changes: Parameters<typeof apply>[2][]): void {
  apply(lab.dns, lab.zoneId, ...changes);
  lab.clock.advance(minuteMs);
}

describe('over the wire', () => {
  test('name servers, their addresses and aliases are found', async () => {
    put(change('CREATE', 'www.example.com', 'CNAME', ['LB.Example.com.']));
    const { DelegationSet } = call(lab.dns, 'GetHostedZone', { Id: lab.zoneId });
    const zone = await publicZoneOf(name, client());
    expect(zone).toEqual({
      kind: 'zone',
      name: 'example.com',
      nameServers: expect.arrayContaining(DelegationSet.NameServers),
    });
    expect(await client().addresses(DelegationSet.NameServers[0])).toEqual({
      answered: true,
      records: ['127.0.0.1'],
    });
    expect(await client().cname('www.example.com')).toMatchObject({ records: ['lb.example.com'] });
  });

  test('CAA records come with flags, tag and value', async () => {
    const values = ['0 issue "ca.example; accounturi=https://ca.example/1"', '128 IssueWild ";"'];
    put(change('CREATE', 'example.com', 'CAA', values));
    expect(await client().caa('example.com')).toEqual({
      answered: true,
      records: [
        { flags: 0, tag: 'issue', value: 'ca.example; accounturi=https://ca.example/1' },
        { flags: 128, tag: 'issuewild', value: ';' },
      ],
    });
  });

  test.each(['nothing.example.com', 'example.com'])(
    '%s: nothing there is an answer',
    async (at) => {
      expect(await client().caa(at)).toEqual({ answered: true, records: [] });
      expect(await client().txtAt('127.0.0.1', at)).toEqual({ answered: true, records: [] });
    },
  );

  test('an answer too large for UDP is fetched over TCP', async () => {
    const values = Array.from({ length: 60 }, (_, n) => `${n}-${'x'.repeat(43)}`);
    put(
      change(
        'CREATE',
        name,
        'TXT',
        values.map((value) => `"${value}"`),
      ),
    );
    const answer = await client().txtAt('127.0.0.1', name);
    expect(answer).toMatchObject({ answered: true });
    expect(answer.answered && answer.records.toSorted()).toEqual(values.toSorted());
  });

  test('a zone is held against what its DNS service says', async () => {
    const { DelegationSet } = call(lab.dns, 'GetHostedZone', { Id: lab.zoneId });
    const zone = { name: 'example.com', nameServers: DelegationSet.NameServers };
    expect(await delegationProblem(name, zone, client())).toBeNull();
    put(change('CREATE', 'www.example.com', 'NS', ['ns1.other.test.']));
    const below = '_acme-challenge.www.example.com';
    expect(await delegationProblem(below, zone, client())).toContain('delegated away');
  });

  test('a change is waited for until the zone’s own servers have it', async () => {
    apply(lab.dns, lab.zoneId, change('CREATE', name, 'TXT', ['"ours"']));
    const start = lab.clock.now();
    const served = await waitUntilServed([{ name, value: 'ours' }], {
      dns: client(),
      clock: lab.clock,
      everyMs: 4_000,
      deadline: addMs(start, minuteMs),
    });
    expect(served).toBe(true);
    expect(lab.clock.now().getTime() - start.getTime()).toBeGreaterThanOrEqual(20_000);
  });
});

describe('a server that does not answer', () => {
  let silent: Socket;

  beforeEach(async () => {
    silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(() => silent.close());

  const asking = () =>
    nodeDnsClient({ resolver: `127.0.0.1:${silent.address().port}`, timeoutMs: 50 });

  test('is no answer, and no error', async () => {
    expect(await asking().caa('example.com')).toEqual({ answered: false, why: 'ETIMEOUT' });
    expect(await asking().txtAt('127.0.0.1', name)).toMatchObject({ answered: false });
  });

  test('is asked no longer than until the deadline of the caller', async () => {
    const dns = nodeDnsClient({
      resolver: `127.0.0.1:${silent.address().port}`,
      timeoutMs: 30_000,
    });
    const over = AbortSignal.timeout(50);
    const asked = withinDeadline(over, () => dns.caa('example.com'));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(withinDeadline(over, () => dns.caa('example.com'))).rejects.toThrow();
  });
});
