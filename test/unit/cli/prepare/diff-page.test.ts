import { expect, test } from 'vitest';
import { differences } from '#cli/prepare/diff/decide/differences.ts';
import { ordersByIssuer, wantedOrders } from '#cli/prepare/diff/decide/orders.ts';
import { diffPage } from '#cli/prepare/diff/page.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { widthOf } from '#cli/text/width.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { directoryNamed } from '#shared/issuers/acme/directories.ts';
import { emptyRecord } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { albTargetOf, deployedAt } from '#test/support/bound.ts';
import { configWith, healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const directory = directoryNamed('letsencrypt') ?? '';
const issuers: Config['issuers'] = {
  letsencrypt: { type: 'acme', directory, termsOfServiceAgreed: true, contact: [] },
};
const location = { installation: 'certkeep', account: '123456789012', region: 'us-east-1' };

function certificate(id: string, change: Partial<CertificateConfig> = {}): CertificateConfig {
  const names = [`${id}.nordwind.com`];
  return wanted({ id, names, domains: ['nordwind.com'], issuers: ['letsencrypt'], ...change });
}

function recordOf({ id, names, targets: [target] }: CertificateConfig, notAfter = inDays(80)) {
  const origin = { directory, account: 'a', profile: null, staging: false };
  const version = versionOf({
    ...{ names: [...names], origin, issuer: 'letsencrypt', notAfter: notAfter.toISOString() },
  });
  const deployments = target ? deployedAt(target, { name: `${id}:443`, notAfter }) : {};
  return { ...healthy({ versions: [version], deployments }), id };
}

function report(
  before: readonly CertificateConfig[],
  after: readonly CertificateConfig[],
  books: Parameters<typeof ordersByIssuer>[1] = new Map(),
) {
  const records = new Map(before.map((each) => [each.id, recordOf(each)]));
  const found = differences({
    deployed: configWith({ issuers, certificates: before }),
    wanted: configWith({ issuers, certificates: after }),
    ...{ records, now },
  });
  const orders = ordersByIssuer(wantedOrders(found), books, now);
  return { file: 'certkeep.yaml', location, isDeployed: true, changes: found.changes, orders };
}

function page(given: ReturnType<typeof report>, width = 80): string {
  return diffPage(given, { now, width, paint: plainPaint }).join('\n');
}

const careers = certificate('careers', { targets: [albTargetOf('careers')] });
const mail = certificate('mail');

test('names added, a target moved, a certificate removed, and what that takes', () => {
  const api = certificate('api', { targets: [albTargetOf('api')] });
  const text = page(
    report(
      [careers, api, mail],
      [
        {
          ...api,
          targets: [albTargetOf('api-v2', { account: '123456789012', region: 'eu-west-1' })],
        },
        { ...mail, names: [...mail.names, 'smtp.nordwind.com'] },
      ],
    ),
  );
  expect(text).toBe(`\
certkeep.yaml against what is deployed as certkeep in 123456789012/us-east-1

- careers                 REMOVED (careers.nordwind.com)
    → still bound at careers:443 (us-east-1), ends on 2027-02-10: nobody renews
      it
~ api                     api:443 (us-east-1) → api-v2/1000000000000000
                          (eu-west-1)
    → the present certificate is bound at api-v2/1000000000000000 (eu-west-1) at
      the next check; api:443 (us-east-1) keeps the present certificate, which
      ends on 2027-02-10: nobody renews it there
+ smtp.nordwind.com       in mail
    → a new certificate, with a new key, at the next check
+ 123456789012/eu-west-1  first target there
    → its environment must be bootstrapped; --all deploys the stack there first

4 changes, 1 order
  1 order at letsencrypt (mail)
    takes 1 of 5 certificates for exactly these names in 7 days; then 4 left
    takes 1 of 50 certificates for names below nordwind.com in 7 days; then 49
      left
    takes 1 of 300 orders in 3 hours; then 299 left

Next: npx cdk deploy --all`);
});

test('a limit that is used up says how many are left, and until when the orders take', () => {
  const many = Array.from({ length: 60 }, (_, index) => certificate(`c${index}`));
  const text = page(report([], many));
  expect(text).toContain('60 changes, 60 orders\n');
  expect(text).toContain('60 orders at letsencrypt (c0, c1, c2, c3 and 56 more)');
  expect(text.replace(/\s+/g, ' ')).toContain(
    'takes 60 of 50 certificates for names below nordwind.com in 7 days; only 50 are left now',
  );
  expect(text).toMatch(/the last of them is made on 2026-11-2\d\n/);
});

test('what others have taken of a limit counts', () => {
  // Two of fifty were taken a moment ago: the bucket is full again after two fiftieths of seven days.
  const fullAt = addMs(now, (2 * 7 * dayMs) / 50).getTime();
  const books = new Map([[directory, { 'certificatesPerDomain:nordwind.com': fullAt }]]);
  const { orders } = report([], [mail], books);
  expect(orders[0]?.limits).toContainEqual(
    expect.objectContaining({ leftBefore: 48, leftAfter: 47, takes: 1 }),
  );
});

test('a CA without known limits is said to be so', () => {
  const text = page({
    ...report([mail], [careers]),
    orders: [{ issuer: 'ours', certificates: ['careers'], limits: [], lastAt: now }],
  });
  expect(text).toContain('  1 order at ours (careers)\n    no limits of this CA are known\n');
});

test('the same change of many certificates is one line', () => {
  const many = Array.from({ length: 5 }, (_, index) => certificate(`c${index}`));
  const { changes } = report(
    many,
    many.map((each) => ({ ...each, owner: 'team' })),
  );
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ what: '5 certificates', text: 'owner none → team' });
  expect(changes[0]?.certificates).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
});

test('another file is named in the next command', () => {
  const text = page({ ...report([], [mail]), file: 'other.yaml' });
  expect(text.split('\n').at(-1)).toBe('Next: npx cdk deploy --all -c config=other.yaml');
});

test('no difference is one line', () => {
  expect(page(report([mail], [mail]))).toBe(
    'certkeep.yaml says what is deployed as certkeep in 123456789012/us-east-1: no difference',
  );
});

test('where nothing is deployed it says so', () => {
  const text = page({ ...report([], [mail]), isDeployed: false });
  expect(text).toMatch(/^certkeep\.yaml against nothing: nothing is deployed as certkeep in /);
});

test('every line fits, and nothing of the file steers a terminal', () => {
  const id = 'a'.repeat(63);
  const long = certificate(id, { names: [`${'x'.repeat(60)}.${'y'.repeat(60)}.example.org`] });
  const forged = { ...emptyRecord(id, now), id };
  const found = differences({
    deployed: configWith({ issuers, certificates: [{ ...long, owner: '\u001b[31mred' }] }),
    wanted: configWith({ issuers, certificates: [{ ...long, owner: 'b' }] }),
    records: new Map([[id, forged]]),
    now,
  });
  const text = page({ ...report([], []), changes: found.changes });
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  expect(
    page(report([], [careers, mail]))
      .split('\n')
      .filter((line) => widthOf(line) > 80),
  ).toEqual([]);
});
