import { expect, test } from 'vitest';
import { factsOf } from '#cli/see/show/facts.ts';
import { showPage } from '#cli/see/show/page.ts';
import { plainPaint } from '#cli/text/paint.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Condition } from '#shared/status/condition.ts';
import { hidden } from '#shared/text/plain-text.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { healthy, inDays, now, versionOf } from '#test/support/healthy.ts';

const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc/f2f7';
const hourAgo = addMs(now, -hourMs).toISOString();

const record = healthy({
  versions: [versionOf({ serial: '0AFF', names: ['shop.example.com', 'xn--mnchen-3ya.de'] })],
  deployments: {
    [arn]: {
      ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v1', arn: 'arn:acm' },
      ...{ previous: null, baselineSerial: null, failure: null, nextProbeAt: null },
      ...{ changedAt: inDays(-9).toISOString(), provenAt: hourAgo },
      servedUntil: inDays(80).toISOString(),
      probe: {
        ...{ at: hourAgo, host: 'web.elb', port: 443, outcome: 'proven' },
        ...{ serial: '0AFF', detail: '' },
      },
      endpoint: { name: 'web:443', host: 'web.elb', port: 443, lookedAt: hourAgo },
    },
  },
  replicas: {
    'eu-west-1': {
      ...{ versionId: 'v1', syncedAt: inDays(-9).toISOString() },
      ...{ secretInSync: false, reason: 'the replica of the secret is Failed' },
    },
  },
  renewalInfo: {
    ...{ versionId: 'v1', nextCheckAt: now.toISOString(), failures: 0, failure: null },
    ...{ askedAt: hourAgo, explanationUrl: 'https://ca.example/why' },
    window: {
      ...{ start: inDays(49).toISOString(), end: inDays(51).toISOString() },
      ...{ selected: inDays(50).toISOString(), learnedAt: hourAgo },
    },
  },
  history: Array.from({ length: 12 }, (_, day) => ({
    ...{ at: inDays(day - 12).toISOString(), stage: 'issue', what: `event ${day}` },
    why: day === 11 ? 'somebody asked' : null,
  })),
});

function shown(of: CertificateRecord | null, conditions: readonly Condition[] = []): string {
  const status = fleetStatus({ shop: conditions }, { owners: { shop: 'team-shop' } });
  const [certificate] = status.certificates;
  if (!certificate) throw new Error('the fleet is empty');
  const look = { now, width: 80, paint: plainPaint };
  return showPage(factsOf(status, certificate, of), look).join('\n');
}

test('all that is known of a certificate stands in blocks, and the next step last', () => {
  expect(shown(record, [troubled()])).toBe(`\
shop: shop.example.com, owner team-shop
warning, checked just now

What is not well
  warning: Renewable (letsencrypt) is false: CaaForbids
    what     CaaForbids: example.com allows only digicert.com
    since    2026-11-21 03:00 UTC (24 hours ago)
    clients  clients at web:443 (eu-central-1) get a certificate that is valid
             until 2027-02-10

Certificate
  names       shop.example.com, münchen.de (xn--mnchen-3ya.de)
  key         ecdsa-p256
  serial      0AFF
  issuer      local
  not before  2026-11-12 03:00 UTC (10 days ago)
  not after   2027-02-10 03:00 UTC (in 80 days)

Renewal
  renews      2027-01-11 03:00 UTC (in 50 days)
  CA advises  between 2027-01-10 03:00 UTC (in 49 days) and 2027-01-12 03:00 UTC
              (in 51 days), asked 60 minutes ago; the CA says why:
              https://ca.example/why
  selected    2027-01-11 03:00 UTC (in 50 days)

Served at
  web:443 in 123456789012/us-east-1: proven
    target        ${arn}
    address       web.elb:443
    last proven   2026-11-22 02:00 UTC (60 minutes ago)
    serial        0AFF
    served until  2027-02-10 03:00 UTC (in 80 days)

Copies
  eu-west-1  behind since 2026-11-13 03:00 UTC (9 days ago): the replica of the
             secret is Failed

Last events
  2026-11-12 03:00 UTC  issue    event 2
  2026-11-13 03:00 UTC  issue    event 3
  2026-11-14 03:00 UTC  issue    event 4
  2026-11-15 03:00 UTC  issue    event 5
  2026-11-16 03:00 UTC  issue    event 6
  2026-11-17 03:00 UTC  issue    event 7
  2026-11-18 03:00 UTC  issue    event 8
  2026-11-19 03:00 UTC  issue    event 9
  2026-11-20 03:00 UTC  issue    event 10
  2026-11-21 03:00 UTC  issue    event 11: somebody asked

Next step
  Allow the CA in the CAA records named, or use an issuer that they allow. Then
  retry. The command does both where Route 53 has the zone.
  echo '{"certificates":["shop"],"retry":true,"reason":"after CaaForbids"}' | aws lambda invoke --function-name certkeep-check:retry --region eu-central-1 --payload fileb:///dev/stdin answer.json
  more: docs/runbook.md#caaforbids`);
});

test('what has no record yet waits for its first certificate', () => {
  expect(shown(null)).toBe(`\
shop: shop.example.com, owner team-shop
well, checked just now

Certificate
  none is stored yet

Renewal
  renews  2027-01-11 03:00 UTC (in 50 days)

Next step
  nothing; npx certkeep history shop shows all that has happened`);
});

test('a copy, a target and an event say only what is visible', () => {
  const hostile = 'x\u001b[2J\u202e\n  well';
  const replicas = { [hostile]: { ...record.replicas['eu-west-1'], reason: hostile } };
  const deployments = Object.fromEntries(
    Object.values(record.deployments).map((each) => [hostile, { ...each, place: hostile }]),
  );
  const history = [{ at: hourAgo, stage: hostile, what: hostile, why: hostile }];
  const versions = [versionOf({ names: [hostile], serial: hostile, issuer: hostile })];
  const forged = { ...record, replicas, deployments, history, versions } as CertificateRecord;
  const text = shown(forged, [troubled({ message: hostile, about: hostile, reason: hostile })]);
  expect(text.split('\n').filter((line) => hidden.test(line))).toEqual([]);
  expect(text).not.toMatch(/^ {2}well/m);
});
