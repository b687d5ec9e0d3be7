import { expect, test } from 'vitest';
import { withStillUsedTold } from '#shared/check/still-used.ts';
import type { AcmImport, CertificateRecord, RetiredArn } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { healthy, now } from '#test/support/healthy.ts';

const place = '123456789012/us-east-1';
const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/old';
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/1';
const thresholds = [21, 14, 3];

function recordWith(change: Partial<NonNullable<RetiredArn['use']>> | null): CertificateRecord {
  const notAfter = addMs(now, 30 * dayMs).toISOString();
  const use = { since: now.toISOString(), by: [balancer], notAfter, ...change };
  const retired = [{ arn, lookAgainAt: now.toISOString(), ...(change && { use }) }];
  const entry: AcmImport = {
    arn: 'arn:aws:acm:us-east-1:123456789012:certificate/new',
    versionId: 'v1',
    importing: null,
    previousVersionId: null,
    retired,
    importedAt: now.toISOString(),
    publishedArn: 'arn:aws:acm:us-east-1:123456789012:certificate/new',
    publishFailure: null,
    leaving: null,
  };
  return healthy({ imports: { [place]: entry } });
}

/** Days from now at which it is looked, and what is told then. */
function toldAfter(days: readonly number[], record = recordWith({})): readonly string[] {
  let current = record;
  return days.flatMap((each) => {
    const before = current.outbox.length;
    current = withStillUsedTold(current, thresholds, addMs(now, each * dayMs));
    return current.outbox.slice(before).map(({ severity, details }) => {
      return `${each}: ${severity} ${details.threshold ?? 'found'}`;
    });
  });
}

test('people hear of it when it is found, at each threshold and at the end, each time once', () => {
  expect(toldAfter([0, 0, 1, 9, 9.5, 16, 27, 28, 30, 30.5, 40])).toEqual([
    '0: warning found',
    '9: warning 21',
    '16: warning 14',
    '27: critical 3',
    '30: critical 0',
  ]);
});

test('thresholds that had passed when it was found, or while nobody looked, are told as one', () => {
  expect(toldAfter([17, 18])).toEqual(['17: warning 14']);
  expect(toldAfter([0, 29, 29.5])).toEqual(['0: warning found', '29: critical 3']);
});

test('if ACM gives no end, it is reported once', () => {
  expect(toldAfter([0, 20, 40], recordWith({ notAfter: null }))).toEqual(['0: warning found']);
});

test('an unused ARN is reported to nobody, and the record stays as it is', () => {
  const record = recordWith(null);
  expect(withStillUsedTold(record, thresholds, now)).toBe(record);
});

test('the message says who, until when and what to do, and its ids differ', () => {
  const found = withStillUsedTold(recordWith({}), thresholds, now);
  const late = withStillUsedTold(found, thresholds, addMs(now, 31 * dayMs));
  expect(new Set(late.outbox.map(({ id }) => id)).size).toBe(2);
  expect(late.outbox).toMatchObject([
    {
      type: 'still-used',
      summary: 'shop: an earlier ACM certificate is still used by other',
      details: { usedBy: balancer, arn, notAfter: addMs(now, 30 * dayMs).toISOString() },
    },
    { summary: 'shop: an earlier ACM certificate that has expired is still used by other' },
  ]);
  expect(late.outbox[0]?.details.nextStep).toContain('certificate/new');
});

test.each([
  ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/classic', 'classic'],
  ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/front/1', 'front'],
  ['arn:aws:cloudfront::1:distribution/E1', 'distribution/E1'],
  ['something else', 'something else'],
])('%s is called %s', (user, name) => {
  const told = withStillUsedTold(recordWith({ by: [user] }), thresholds, now);
  expect(told.outbox[0]?.summary).toMatch(new RegExp(`by ${name}$`));
});

test('of several users, the first is named and the others are counted', () => {
  const told = withStillUsedTold(recordWith({ by: [balancer, 'a', 'b'] }), thresholds, now);
  expect(told.outbox[0]?.summary).toMatch(/by other and 2 more$/);
});
