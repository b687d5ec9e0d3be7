import { afterEach, describe, expect, test } from 'vitest';
import { apply, change, createZone, localDns, resolverOf } from '#cloud/kit/local-dns.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function exampleZone(options: Parameters<typeof localDns>[0] = {}) {
  const { clock, dns, server } = await localDns(options);
  open.push(server);
  const id = createZone(dns, 'example.com');
  return { clock, dns, id, resolver: resolverOf(server.address), address: server.address };
}

describe('a resolver that asks the local DNS', () => {
  test('finds several TXT values of several strings', async () => {
    const { dns, id, resolver } = await exampleZone();
    apply(dns, id, change('CREATE', '_x.example.com', 'TXT', ['"one"', '"two" "\\"three\\""']));
    const found = await resolver.resolveTxt('_x.example.com');
    expect(found).toEqual([['one'], ['two', '"three"']]);
  });

  test('tells a name that does not exist from one without such records', async () => {
    const { dns, id, resolver } = await exampleZone();
    apply(dns, id, change('CREATE', 'deep.www.example.com', 'A', ['192.0.2.1']));
    await expect(resolver.resolveTxt('nope.example.com')).rejects.toThrow('ENOTFOUND');
    await expect(resolver.resolveTxt('nope.example.org')).rejects.toThrow('ENOTFOUND');
    await expect(resolver.resolveTxt('deep.www.example.com')).rejects.toThrow('ENODATA');
    await expect(resolver.resolveTxt('www.example.com')).rejects.toThrow('ENODATA');
  });

  test('follows CNAMEs across zones to registered addresses', async () => {
    const { dns, id, resolver } = await exampleZone({
      addresses: { 'lb-1.elb.amazonaws.com': ['127.0.0.1', '127.0.0.2', '::1'] },
    });
    const other = createZone(dns, 'example.net');
    apply(dns, id, change('CREATE', 'www.example.com', 'CNAME', ['www.example.net.']));
    apply(dns, other, change('CREATE', 'www.example.net', 'CNAME', ['LB-1.elb.amazonaws.com']));
    expect(await resolver.resolve4('www.example.com')).toEqual(['127.0.0.1', '127.0.0.2']);
    expect(await resolver.resolve6('www.example.com')).toEqual(['::1']);
    expect(await resolver.resolveCname('www.example.com')).toEqual(['www.example.net']);
  });

  test('sees the addresses of an alias under the name itself', async () => {
    const { dns, id, resolver } = await exampleZone({ addresses: { 'lb.test': ['127.0.0.1'] } });
    apply(dns, id, {
      Action: 'CREATE',
      ResourceRecordSet: {
        Name: 'example.com',
        Type: 'A',
        AliasTarget: { HostedZoneId: 'Z1', DNSName: 'lb.test', EvaluateTargetHealth: false },
      },
    });
    expect(await resolver.resolve4('example.com')).toEqual(['127.0.0.1']);
  });

  test('gets SERVFAIL for CNAMEs that go in a circle', async () => {
    const { dns, id, resolver } = await exampleZone();
    apply(dns, id, change('CREATE', 'a.example.com', 'CNAME', ['b.example.com']));
    apply(dns, id, change('CREATE', 'b.example.com', 'CNAME', ['a.example.com']));
    await expect(resolver.resolveTxt('a.example.com')).rejects.toThrow('ESERVFAIL');
  });

  test('gets wildcard records only where nothing nearer exists', async () => {
    const { dns, id, resolver } = await exampleZone();
    apply(
      dns,
      id,
      change('CREATE', '*.example.com', 'TXT', ['"wild"']),
      change('CREATE', 'sub.here.example.com', 'TXT', ['"exact"']),
    );
    expect(await resolver.resolveTxt('any.example.com')).toEqual([['wild']]);
    expect(await resolver.resolveTxt('two.levels.example.com')).toEqual([['wild']]);
    expect(await resolver.resolveTxt('sub.here.example.com')).toEqual([['exact']]);
    await expect(resolver.resolveTxt('here.example.com')).rejects.toThrow('ENODATA');
    await expect(resolver.resolveTxt('other.here.example.com')).rejects.toThrow('ENOTFOUND');
  });

  test('sees the zone with the longest name, and never a private one', async () => {
    const { dns, id, resolver } = await exampleZone();
    const inner = createZone(dns, 'in.example.com');
    const vpc = { VPC: { VPCId: 'vpc-1', VPCRegion: 'us-east-1' } };
    const hidden = createZone(dns, 'a.in.example.com', vpc);
    apply(dns, id, change('CREATE', 'a.in.example.com', 'TXT', ['"outer"']));
    apply(dns, inner, change('CREATE', 'a.in.example.com', 'TXT', ['"inner"']));
    apply(dns, hidden, change('CREATE', 'a.in.example.com', 'TXT', ['"private"']));
    expect(await resolver.resolveTxt('A.in.Example.com')).toEqual([['inner']]);
  });

  test('sees a change only once it is in sync', async () => {
    const { clock, dns, id, resolver } = await exampleZone({ insyncMs: 5_000 });
    apply(dns, id, change('CREATE', 'x.example.com', 'TXT', ['"old"']));
    await expect(resolver.resolveTxt('x.example.com')).rejects.toThrow('ENOTFOUND');
    clock.advance(5_000);
    expect(await resolver.resolveTxt('x.example.com')).toEqual([['old']]);
    apply(dns, id, change('UPSERT', 'y.example.com', 'TXT', ['"new"']));
    clock.advance(3_000);
    apply(dns, id, change('UPSERT', 'z.example.com', 'TXT', ['"newer"']));
    clock.advance(2_000);
    expect(await resolver.resolveTxt('y.example.com')).toEqual([['new']]);
    await expect(resolver.resolveTxt('z.example.com')).rejects.toThrow('ENOTFOUND');
  });

  test('reads SOA, NS, MX and CAA records', async () => {
    const { dns, id, resolver } = await exampleZone();
    apply(
      dns,
      id,
      change('CREATE', 'example.com', 'MX', ['10 mail.example.com.']),
      change('CREATE', 'example.com', 'CAA', ['0 issue "letsencrypt.org; a=b"']),
    );
    expect(await resolver.resolveSoa('example.com')).toMatchObject({ minttl: 86_400, serial: 1 });
    expect(await resolver.resolveNs('example.com')).toHaveLength(4);
    expect(await resolver.resolveMx('example.com')).toEqual([
      expect.objectContaining({ priority: 10, exchange: 'mail.example.com' }),
    ]);
    expect(await resolver.resolveCaa('example.com')).toEqual([
      expect.objectContaining({ issue: 'letsencrypt.org; a=b' }),
    ]);
  });
});
