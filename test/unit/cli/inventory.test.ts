import { expect, test } from 'vitest';
import type { Found } from '#cli/see/inventory/found.ts';
import { inventoryCsv, inventoryPage, needsSomebody } from '#cli/see/inventory/page.ts';
import { placesToLookAt } from '#cli/see/inventory/places.ts';
import { inventoryOf } from '#cli/see/inventory/renewed-by.ts';
import { csv } from '#cli/text/csv.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { configOf } from '#test/support/synth.ts';

const now = new Date('2026-11-22T03:00:00Z');
const look = { now, width: 80, paint: plainPaint };
const config = configOf(configYaml());

const healthy: Found = {
  account: '123456789012',
  region: 'us-east-1',
  arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
  names: ['shop.example.com', 'www.example.com'],
  issuer: "Let's Encrypt",
  key: 'EC-prime256v1',
  endsAt: addMs(now, 20 * dayMs).toISOString(),
  isImported: true,
  isEligible: false,
  renewalStatus: null,
  usedBy: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/shop/50dc'],
  tags: {},
};
const made = (id: string, installation = 'certkeep') => ({
  'certkeep:managed': installation,
  'certkeep:certificate': id,
});
const amazon = { isImported: false, isEligible: true };

test.each<[string, Partial<Found>, string]>([
  ['imported by somebody', {}, 'nobody: imported by somebody'],
  ['imported by certkeep', { tags: made('shop') }, 'certkeep'],
  [
    'of a certificate that has left the file',
    { tags: made('gone') },
    'nobody: gone is not in the file',
  ],
  ['of another installation', { tags: made('gone', 'other') }, 'certkeep'],
  ['issued by Amazon', amazon, 'acm'],
  ['that ACM cannot renew', { ...amazon, isEligible: false }, 'nobody: ACM says that it cannot'],
  [
    'whose validation is missing',
    { ...amazon, renewalStatus: 'PENDING_VALIDATION' },
    'nobody: ACM waits for a validation',
  ],
  [
    'whose renewal failed',
    { ...amazon, renewalStatus: 'FAILED' },
    'nobody: the renewal by ACM has failed',
  ],
])('a certificate %s', (_, change, expected) => {
  const [listed] = inventoryOf([{ ...healthy, ...change }], config);
  const { kind, why } = listed?.renewedBy ?? {};
  expect(why === null ? kind : `${kind}: ${why}`).toBe(expected);
  expect(listed && needsSomebody(listed, now)).toBe(expected.startsWith('nobody'));
});

test('of two imports of one certificate only the later is renewed', () => {
  const earlier = { ...healthy, tags: made('shop') };
  const later = {
    ...earlier,
    arn: `${healthy.arn}2`,
    endsAt: addMs(now, 80 * dayMs).toISOString(),
  };
  const kinds = inventoryOf([later, earlier], config).map(({ arn, renewedBy }) => [arn, renewedBy]);
  expect(kinds).toEqual([
    [earlier.arn, { kind: 'nobody', why: 'certkeep has a later one for it' }],
    [later.arn, { kind: 'certkeep', why: null }],
  ]);
});

test('what nothing uses, or ends late, needs nobody yet', () => {
  const listed = inventoryOf(
    [
      { ...healthy, usedBy: [] },
      { ...healthy, endsAt: addMs(now, 31 * dayMs).toISOString() },
      { ...healthy, endsAt: null },
    ],
    null,
  );
  expect(listed.map((each) => needsSomebody(each, now))).toEqual([false, false, false]);
});

test('the page fits 80 columns, by end, with readable names and users', () => {
  const page = inventoryPage(
    inventoryOf(
      [
        { ...healthy, ...amazon, endsAt: addMs(now, 60 * dayMs).toISOString(), issuer: 'Amazon' },
        { ...healthy, names: ['xn--mnchen-3ya.de'], issuer: `\u001b[2J${'long '.repeat(40)}` },
        {
          ...healthy,
          ...amazon,
          usedBy: ['arn:aws:cloudfront::123456789012:distribution/E1', 'b'],
          endsAt: addMs(now, 61 * dayMs).toISOString(),
        },
      ],
      null,
    ),
    look,
  );
  expect(page.filter((line) => line.length > 80 || line.includes('\u001b'))).toEqual([]);
  expect(page[1]).toMatch(/^münchen\.de +20 d +nobody +\S+.* us-east-1$/);
  expect(page[2]).toBe('  imported by somebody');
  expect(page[3]).toMatch(/^shop\.example\.com \+1 +60 d +ACM .* alb shop +us-east-1$/);
  expect(page[4]).toMatch(/ ACM .* distribution\/E1… +us-east-1$/);
  expect(page.at(-1)).toBe('3 certificates; nobody renews 1 (1 within 30 days of its end)');
  expect(inventoryPage([], look)).toEqual(['no certificate in ACM is in use there']);
});

test('two accounts stand before their regions', () => {
  const other = { ...healthy, account: '210987654321' };
  const page = inventoryPage(inventoryOf([healthy, other], null), { ...look, width: 160 });
  expect(page[1]).toMatch(/ 123456789012\/us-east-1$/);
  expect(page[3]).toMatch(/ 210987654321\/us-east-1$/);
});

test.each([
  ['=1+1', `"'=1+1"`],
  ['+49', `"'+49"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  [' =1', `"' =1"`],
  ['a,b', '"a,b"'],
  ['say "so"', '"say ""so"""'],
  ['*.example.com', '*.example.com'],
  ['line\nbreak', 'line\\u{a}break'],
])('the cell %j of a CSV', (text, cell) => {
  expect(csv([[text, 'x']])).toBe(`${cell},x`);
});

test('the CSV has a head and a row for each certificate', () => {
  const rows = inventoryCsv(inventoryOf([{ ...healthy, issuer: '=HYPERLINK("x")' }], null)).split(
    '\r\n',
  );
  expect(rows).toEqual([
    'account,region,names,ends_at,renewed_by,why,issuer,key,used_by,arn',
    `123456789012,us-east-1,shop.example.com www.example.com,2026-12-12T03:00:00.000Z,nobody,imported by somebody,"'=HYPERLINK(""x"")",EC-prime256v1,${healthy.usedBy[0]},${healthy.arn}`,
  ]);
});

test('places: those of the file, or the given regions of its accounts, or of the caller', () => {
  const there = listenerArn('far', '1', { region: 'eu-central-1', account: '210987654321' });
  const file = configOf(
    configYaml({
      certificates: certificatesYaml({ shop: { targets: `[${albYaml('sni', there)}]` } }),
    }),
  );
  const home = { account: '123456789012', region: 'us-east-1' };
  const caller = '999999999999';
  expect(placesToLookAt({ caller, config: file, regions: [] })).toEqual([
    home,
    { account: '210987654321', region: 'eu-central-1' },
  ]);
  expect(placesToLookAt({ caller, config: file, regions: ['eu-west-1'] })).toEqual([
    { account: '123456789012', region: 'eu-west-1' },
    { account: '210987654321', region: 'eu-west-1' },
  ]);
  expect(placesToLookAt({ caller, config: null, regions: ['eu-west-1'] })).toEqual([
    { account: caller, region: 'eu-west-1' },
  ]);
});
