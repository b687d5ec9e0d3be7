import { describe, expect, test } from 'vitest';
import { apply, call, change, createZone, type Route53 } from '#cloud/kit/local-dns.ts';
import { route53 } from '#cloud/services/route53/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';

function newRoute53() {
  return route53({ clock: virtualClock() });
}

function names(sets: readonly { Name: string; Type: string }[]): string[] {
  return sets.map((set) => `${set.Name} ${set.Type}`);
}

/** Follows the pages of an operation to the end. */
function pages(dns: Route53, zoneId: string, perPage: number): string[][] {
  const all: string[][] = [];
  let start = {};
  for (;;) {
    const page = call(dns, 'ListResourceRecordSets', {
      HostedZoneId: zoneId,
      MaxItems: perPage,
      ...start,
    });
    all.push(names(page.ResourceRecordSets));
    if (!page.IsTruncated) return all;
    start = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
  }
}

describe('listing record sets', () => {
  test('sorts by reversed labels, then type, and pages without loss', () => {
    const dns = newRoute53();
    const id = createZone(dns, 'example.com');
    apply(
      dns,
      id,
      change('CREATE', 'z.example.com', 'TXT', ['"1"']),
      change('CREATE', 'a.z.example.com', 'TXT', ['"1"']),
      change('CREATE', 'b.example.com', 'TXT', ['"1"']),
      change('CREATE', 'b.example.com', 'A', ['192.0.2.1']),
    );
    const sorted = [
      'example.com. NS',
      'example.com. SOA',
      'b.example.com. A',
      'b.example.com. TXT',
      'z.example.com. TXT',
      'a.z.example.com. TXT',
    ];
    expect(pages(dns, id, 300).flat()).toEqual(sorted);
    const small = pages(dns, id, 4);
    expect(small.map((page) => page.length)).toEqual([4, 2]);
    expect(small.flat()).toEqual(sorted);
  });

  test('starts at the name and type asked for, or the next one', () => {
    const dns = newRoute53();
    const id = createZone(dns, 'example.com');
    apply(dns, id, change('CREATE', '_acme-challenge.example.com', 'TXT', ['"1"']));
    const from = (StartRecordName: string, StartRecordType = 'TXT') =>
      names(
        call(dns, 'ListResourceRecordSets', {
          HostedZoneId: id,
          StartRecordName,
          StartRecordType,
          MaxItems: 1,
        }).ResourceRecordSets,
      );
    expect(from('_ACME-challenge.Example.com.')).toEqual(['_acme-challenge.example.com. TXT']);
    expect(from('example.com', 'SOA')).toEqual(['example.com. SOA']);
    expect(from('zzz.example.com')).toEqual([]);
  });

  test('names come lower-case, with a dot at the end and an escaped asterisk', () => {
    const dns = newRoute53();
    const id = createZone(dns, 'Example.COM');
    apply(dns, id, change('CREATE', '*.WWW.example.com', 'TXT', ['"1"']));
    expect(pages(dns, id, 300).flat()).toContain('\\052.www.example.com. TXT');
    apply(dns, id, change('DELETE', '\\052.www.example.com.', 'TXT', ['"1"']));
    expect(pages(dns, id, 300).flat()).toHaveLength(2);
  });
});

describe('listing zones by name', () => {
  test('sorts by reversed labels and pages on name and id', () => {
    const dns = newRoute53();
    for (const name of ['example.org', 'b.example.com', 'example.com', 'a.example.com']) {
      createZone(dns, name);
    }
    createZone(dns, 'example.com', { VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-1' } });
    const first = call(dns, 'ListHostedZonesByName', { MaxItems: 2 });
    expect(first.HostedZones.map(({ Name }: { Name: string }) => Name)).toEqual([
      'example.com.',
      'example.com.',
    ]);
    expect(first).toMatchObject({ IsTruncated: true, NextDNSName: 'a.example.com.' });
    const rest = call(dns, 'ListHostedZonesByName', {
      DNSName: first.NextDNSName,
      HostedZoneId: first.NextHostedZoneId,
    });
    expect(rest.HostedZones.map(({ Name }: { Name: string }) => Name)).toEqual([
      'a.example.com.',
      'b.example.com.',
      'example.org.',
    ]);
    expect(rest.IsTruncated).toBe(false);
  });

  test('begins at the name asked for and says which zones are private', () => {
    const dns = newRoute53();
    createZone(dns, 'a.example');
    const id = createZone(dns, 'b.example', { VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-1' } });
    expect(call(dns, 'ListHostedZonesByName', { DNSName: 'b.example' }).HostedZones).toEqual([
      expect.objectContaining({
        Id: id,
        Config: { PrivateZone: true },
        ResourceRecordSetCount: 2,
      }),
    ]);
    expect(id).toMatch(/^\/hostedzone\/Z[0-9A-F]+$/);
  });
});

test('all zones come in pages', () => {
  const dns = newRoute53();
  const ids = ['a.example', 'b.example', 'c.example'].map((name) => createZone(dns, name));
  const first = call(dns, 'ListHostedZones', { MaxItems: 2 });
  const second = call(dns, 'ListHostedZones', { MaxItems: 2, Marker: first.NextMarker });
  const listed = [...first.HostedZones, ...second.HostedZones].map(({ Id }) => Id);
  expect(listed).toEqual(ids);
  expect(second.IsTruncated).toBe(false);
});

test('a zone is found by its id with and without prefix, and only by its account', () => {
  const dns = newRoute53();
  const id = createZone(dns, 'example.com');
  const bare = id.replace('/hostedzone/', '');
  expect(call(dns, 'GetHostedZone', { Id: bare }).HostedZone.Id).toBe(id);
  expect(call(dns, 'GetHostedZone', { Id: id }).DelegationSet.NameServers).toHaveLength(4);
  const other = { region: 'us-east-1', account: '111111111111', accessKeyId: 'other' };
  expect(() => dns.operations.GetHostedZone?.({ Id: bare }, other)).toThrow(
    expect.objectContaining({ code: 'NoSuchHostedZone', status: 404 }),
  );
});
