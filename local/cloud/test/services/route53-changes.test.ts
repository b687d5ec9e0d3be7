import { describe, expect, test } from 'vitest';
import { apply, call, change, createZone } from '#cloud/kit/local-dns.ts';
import { route53 } from '#cloud/services/route53/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';

function zoneWith(...changes: Parameters<typeof change>[]) {
  const clock = virtualClock();
  const dns = route53({ clock, insyncMs: 5_000 });
  const id = createZone(dns, 'example.com');
  if (changes.length > 0) apply(dns, id, ...changes.map((args) => change(...args)));
  const sets = () => call(dns, 'ListResourceRecordSets', { HostedZoneId: id }).ResourceRecordSets;
  const values = (name: string, type = 'TXT') =>
    sets()
      .find((set: { Name: string; Type: string }) => set.Name === name && set.Type === type)
      ?.ResourceRecords.map((record: { Value: string }) => record.Value);
  return { clock, dns, id, values };
}

const acme = '_acme-challenge.example.com.';

describe('a change batch', () => {
  test('does nothing when one change fails, and names every failing one', () => {
    const { dns, id, values } = zoneWith(['CREATE', acme, 'TXT', ['"a"']]);
    const attempt = () =>
      apply(
        dns,
        id,
        change('CREATE', 'new.example.com', 'TXT', ['"x"']),
        change('CREATE', acme, 'TXT', ['"b"']),
        change('DELETE', 'absent.example.com', 'TXT', ['"y"']),
      );
    expect(attempt).toThrow(
      "[Tried to create resource record set [name='_acme-challenge.example.com.', type='TXT'] but it already exists, Tried to delete resource record set [name='absent.example.com.', type='TXT'] but it was not found]",
    );
    expect(values('new.example.com.')).toBeUndefined();
  });

  test('does not delete by some of the values', () => {
    const { dns, id } = zoneWith(['CREATE', acme, 'TXT', ['"a"', '"b"']]);
    expect(() => apply(dns, id, change('DELETE', acme, 'TXT', ['"a"']))).toThrow(
      'but the values provided do not match the current values',
    );
  });

  test.each([
    ['an address that is none', 'A', ['300.1.1.1'], 'IPv4'],
    ['more than 400 values', 'TXT', numbered(401), 'exceeds the limit of 400'],
  ] as const)('refuses %s', (_, type, values, message) => {
    const { dns, id } = zoneWith();
    const attempt = () => apply(dns, id, change('CREATE', 'x.example.com', type, values));
    expect(attempt).toThrow(expect.objectContaining({ code: 'InvalidChangeBatch' }));
    expect(attempt).toThrow(message);
  });

  test('takes TXT values of several strings up to 255 each', () => {
    const value = `"${'x'.repeat(255)}" "say \\"hi\\""`;
    expect(zoneWith(['CREATE', acme, 'TXT', [value]]).values(acme)).toEqual([value]);
  });

  test('counts an UPSERT twice towards the limit of 1,000 records', () => {
    const sets = (action: 'CREATE' | 'UPSERT') =>
      [0, 1].map((n) => change(action, `x${n}.example.com`, 'TXT', numbered(n === 0 ? 300 : 201)));
    const { dns, id } = zoneWith();
    expect(() => apply(dns, id, ...sets('UPSERT'))).toThrow('limit of 1000 exceeded');
    expect(() => apply(dns, id, ...sets('CREATE'))).not.toThrow();
  });

  test('holds no more than 32,000 characters', () => {
    const { dns, id } = zoneWith();
    const long = (n: number) => `"${n}${'x'.repeat(200)}"`;
    const values = Array.from({ length: 160 }, (_, n) => long(n));
    expect(() => apply(dns, id, change('CREATE', acme, 'TXT', values))).toThrow('32000');
  });

  test('refuses a CNAME beside others and an apex without SOA', () => {
    const { dns, id } = zoneWith(['CREATE', 'www.example.com', 'A', ['192.0.2.1']]);
    expect(() => apply(dns, id, change('CREATE', 'www.example.com', 'CNAME', ['a.b']))).toThrow(
      'conflicts with other records',
    );
    expect(() => apply(dns, id, change('CREATE', 'example.com', 'CNAME', ['a.b']))).toThrow('apex');
  });

  test('refuses what it does not implement instead of ignoring it', () => {
    const { dns, id } = zoneWith();
    const weighted = change('CREATE', acme, 'TXT', ['"a"']);
    const set = { ...weighted.ResourceRecordSet, Weight: 1 } as typeof weighted.ResourceRecordSet;
    expect(() => apply(dns, id, { ...weighted, ResourceRecordSet: set })).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
  });
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `"${n}"`);
}
