import { describe, expect, test } from 'vitest';
import { route53, route53Throttle } from '#local/services/route53.ts';
import { apply, call, change, createZone } from '../support/local-dns.ts';
import { virtualClock } from '../support/virtual-clock.ts';

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

  test('that nobody made is NoSuchChange', () => {
    const dns = route53({ clock: virtualClock() });
    expect(() => call(dns, 'GetChange', { Id: '/change/C1' })).toThrow(
      expect.objectContaining({ code: 'NoSuchChange', status: 404 }),
    );
  });
});

test('more than 50 requests at once are throttled, and 10 a second come back', () => {
  const clock = virtualClock();
  const dns = route53({ clock, throttle: route53Throttle });
  const list = () => call(dns, 'ListHostedZones', {});
  for (let n = 0; n < 50; n += 1) list();
  expect(list).toThrow(expect.objectContaining({ code: 'Throttling', status: 400 }));
  clock.advance(1_000);
  for (let n = 0; n < 10; n += 1) list();
  expect(list).toThrow('Rate exceeded');
});
