import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMs, dayMs, hourMs } from '#cloud/clock.ts';
import { type CertificateWish, importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { ask } from '#cloud/wire/service.ts';
import { call, type Lab, lab } from '../fixtures/stacks.ts';

let clock: VirtualClock;
let aws: Lab;
beforeEach(async () => {
  clock = virtualClock();
  aws = await lab(clock);
});
afterEach(() => aws.cloud.close());

function watch(region = call.region): void {
  const EventPattern = JSON.stringify({ source: ['aws.acm'] });
  ask(aws.cloud.events, 'PutRule', { Name: 'ends', EventPattern }, { ...call, region });
}

async function imported(wish: CertificateWish = {}, region = call.region): Promise<string> {
  const input = importInput(await makeCertificate(wish));
  const { CertificateArn } = ask<{ CertificateArn: string }>(
    aws.cloud.acm,
    'ImportCertificate',
    input,
    { ...call, region },
  );
  return CertificateArn;
}

/** The days of the events of a certificate, in the order of their arrival. */
function daysOf(arn: string): readonly number[] {
  return aws.cloud.events.events
    .filter(({ resources }) => resources.includes(arn))
    .map(({ detail }) => (detail as { DaysToExpiry: number }).DaysToExpiry);
}

const daysDown = (from: number) => Array.from({ length: from + 1 }, (_, index) => from - index);

test('an imported certificate is reported every day, from 45 days before its end until it ends', async () => {
  watch();
  const arn = await imported();
  clock.advance(120 * dayMs);
  expect(daysOf(arn)).toEqual(daysDown(45));
});

test('a certificate of Amazon is reported from 30 days on, with a key that AWS manages', async () => {
  watch();
  const arn = aws.cloud.acm.issued(call, importInput(await makeCertificate()));
  clock.advance(120 * dayMs);
  expect(daysOf(arn)).toEqual(daysDown(30));
  expect(aws.cloud.events.events[0]?.detail).toMatchObject({
    CertificateKeyPairOrigin: 'AWS_MANAGED',
  });
});

test('the event has what the page of AWS shows, on the default bus of the region', async () => {
  watch('eu-west-1');
  const names = ['a.example.com', 'b.example.com'];
  const notAfter = addMs(clock.now(), 7.5 * dayMs);
  const arn = await imported({ names, commonName: 'b.example.com', notAfter }, 'eu-west-1');
  clock.advance(dayMs);
  expect(aws.cloud.events.events).toEqual([
    {
      version: '0',
      id: expect.any(String),
      'detail-type': 'ACM Certificate Approaching Expiration',
      source: 'aws.acm',
      account: call.account,
      time: '2026-11-22T07:00:00Z',
      region: 'eu-west-1',
      resources: [arn],
      detail: {
        DaysToExpiry: 7,
        CommonName: 'b.example.com',
        FirstSubjectAlternativeName: 'a.example.com',
        ValidityInDays: 8,
        CertificateKeyPairOrigin: 'CUSTOMER_PROVIDED',
      },
    },
  ]);
});

test('what is held counts: once imported again, it is reported no more', async () => {
  watch();
  const arn = await imported({ notAfter: addMs(clock.now(), 10 * dayMs) });
  clock.advance(3 * dayMs);
  expect(daysOf(arn)).toEqual([9, 8, 7]);
  const input = importInput(await makeCertificate({ now: clock.now() }));
  ask(aws.cloud.acm, 'ImportCertificate', { ...input, CertificateArn: arn }, call);
  clock.advance(10 * dayMs);
  expect(daysOf(arn)).toEqual([9, 8, 7]);
});

test('where no rule could match, nothing is looked at', async () => {
  watch('eu-west-1');
  await imported({ notAfter: addMs(clock.now(), 2 * dayMs + hourMs) });
  clock.advance(3 * dayMs);
  expect(aws.cloud.events.events).toEqual([]);
});
