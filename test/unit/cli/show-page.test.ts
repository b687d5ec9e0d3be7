import { describe, expect, test } from 'vitest';
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

function shown(
  of: CertificateRecord | null,
  conditions: readonly Condition[] = [],
  isLocal = false,
): string {
  const status = fleetStatus({ shop: conditions }, { owners: { shop: 'team-shop' } });
  const [certificate] = status.certificates;
  if (!certificate) throw new Error('the fleet is empty');
  const look = { now, width: 80, paint: plainPaint, isLocal };
  return showPage(factsOf(status, certificate, of, now), look).join('\n');
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

test('a target that nobody can ask has no address', () => {
  const [key, asked] = Object.entries(record.deployments)[0] ?? [];
  const endpoint = { name: 'ACM shop', host: '', port: 0, lookedAt: hourAgo };
  const held = { [key ?? '']: { ...asked, endpoint } } as CertificateRecord['deployments'];
  const page = shown({ ...record, deployments: held });
  expect(page).toContain('ACM shop in 123456789012/us-east-1: held; nobody can ask who serves it');
  expect(page).not.toContain('  address ');
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
  nothing; this shows all that has happened:
  npx certkeep history shop`);
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

test('beside a kept local cloud the next command says so', () => {
  expect(shown(null, [], true)).toMatch(/\n {2}npx certkeep history shop --local$/);
});

describe('the versions that are kept', () => {
  const versions = ['0A', '0B', '0C', '0D'].map((serial, at) =>
    versionOf({ id: `v${at}`, serial, notBefore: inDays(at - 9).toISOString() }),
  );
  const three = healthy({ desired: 'v3', versions });

  test('say which can be put back, and the next step says how', () => {
    const barred = [{ versionId: 'v0', at: hourAgo, reason: 'its chain is broken' }];
    const [v0, v1, ...others] = versions;
    if (!v0 || !v1) throw new Error('there are four');
    const page = shown({
      ...three,
      barred,
      versions: [v0, { ...v1, revokedAt: hourAgo }, ...others],
    });
    expect(page).toContain(`
Versions
  0D  until 2027-02-10, in service
  0C  until 2027-02-10, can be put back
  0B  until 2027-02-10, cannot be put back: it is revoked
  0A  until 2027-02-10, barred: its chain is broken; npx certkeep unbar shop
      ends that
`);
    expect(page).toMatch(
      /\nNext step\n {2}nothing; .*\n {2}npx certkeep history shop\n {2}Where clients refuse the one in service: npx certkeep rollback shop$/,
    );
  });

  test('say that a newer one is put aside, and the next step how to have it served', () => {
    const chosen = { at: inDays(0).toISOString(), versionId: 'v1', until: null, reason: 'it' };
    const page = shown({ ...three, desired: 'v1', chosen });
    expect(page).toContain('\n  0D  until 2027-02-10, put aside for the earlier one\n');
    expect(page).toMatch(
      /\n {2}To have the newer one served again:\n {2}npx certkeep rollback shop --version 0D$/,
    );
  });

  test('say of one that is barred and serves all the same that it is', () => {
    const barred = [{ versionId: 'v1', at: hourAgo, reason: 'a bad chain' }];
    expect(shown({ ...record, barred })).toContain(
      '\nVersions\n  0AFF  until 2027-02-10, in service until another can be, barred: a bad chain\n',
    );
  });

  test('are not shown where there is one', () => {
    expect(shown(record)).not.toContain('Versions');
    expect(shown(record)).not.toContain('rollback');
  });
});
