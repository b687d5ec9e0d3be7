import { describe, expect, test } from 'vitest';
import { apply, call, change, createZone } from '#cloud/kit/local-dns.ts';
import { operator } from '#cloud/operator.ts';
import { route53 } from '#cloud/services/route53/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { ask } from '#cloud/wire/service.ts';

describe('a change', () => {
  test('is PENDING until its time has come', () => {
    const clock = virtualClock();
    const dns = route53({ clock, insyncMs: 5_000 });
    const id = createZone(dns, 'example.com');
    const { ChangeInfo } = apply(dns, id, change('CREATE', 'x.example.com', 'TXT', ['"a"']));
    expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: clock.now() });
    const status = () => call(dns, 'GetChange', { Id: ChangeInfo.Id }).ChangeInfo.Status;
    clock.advance(4_999);
    expect(status()).toBe('PENDING');
    clock.advance(1);
    expect(status()).toBe('INSYNC');
  });
});

describe('an account', () => {
  const throttled = expect.objectContaining({ code: 'Throttling', status: 400 });

  test('is throttled after 50 requests at once, and 10 a second come back', () => {
    const clock = virtualClock();
    const dns = route53({ clock });
    const list = () => call(dns, 'ListHostedZones', {});
    for (let n = 0; n < 50; n += 1) list();
    expect(list).toThrow(throttled);
    clock.advance(1_000);
    for (let n = 0; n < 10; n += 1) list();
    expect(list).toThrow('Rate exceeded');
  });

  test('creates 40 zones at once, and 2 a second come back', () => {
    const clock = virtualClock();
    const dns = route53({ clock });
    const create = (n: number) =>
      call(dns, 'CreateHostedZone', { Name: `${n}.example.com`, CallerReference: `${n}` });
    for (let n = 0; n < 40; n += 1) create(n);
    expect(() => create(40)).toThrow(throttled);
    clock.advance(1_000);
    create(41);
    create(42);
    expect(() => create(43)).toThrow(throttled);
  });

  test('changes 1,500 record sets at once, an upsert counting twice', () => {
    const clock = virtualClock();
    const dns = route53({ clock });
    const id = createZone(dns, 'example.com');
    const upsert = (n: number) => change('UPSERT', `${n}.example.com`, 'TXT', ['"a"']);
    for (const from of [0, 250, 500]) {
      apply(dns, id, ...Array.from({ length: 250 }, (_, n) => upsert(from + n)));
    }
    expect(() => apply(dns, id, upsert(750))).toThrow(throttled);
    clock.advance(20);
    apply(dns, id, upsert(751));
  });

  test('is not throttled for what the operator sets up', () => {
    const dns = route53({ clock: virtualClock() });
    const place = { region: 'us-east-1', account: '000000000000' };
    for (let n = 0; n < 60; n += 1) {
      ask(dns, 'ListHostedZones', {}, { ...place, accessKeyId: operator.accessKeyId });
    }
    call(dns, 'ListHostedZones', {});
  });
});
