import { faultInjection, type OutsideCall } from 'local-cloud/faults.ts';
import { expect, test } from 'vitest';
import { widthOf } from '#cli/text/width.ts';
import type { Debt } from '#local/demo/everywhere/debt.ts';
import { type Everywhere, wrongWith } from '#local/demo/everywhere/outcome.ts';
import { endPage, targetTable } from '#local/demo/everywhere/pages.ts';
import { refuseRegion } from '#local/demo/everywhere/refusal.ts';
import type { CertificateReport, TargetReport } from '#local/demo/report.ts';

const region = 'ap-southeast-2';
const serial = '04AF000000000000000000000000000000C3';

function targetAt(place: string, change: Partial<TargetReport> = {}): TargetReport {
  const known = { kind: 'alb', name: 'a-balancer-with-a-long-name', place, port: 12_345, serial };
  return { ...known, asked: true, served: true, proven: true, ...change };
}

function reportOf(targets: readonly TargetReport[]): CertificateReport {
  const serials = { oldSerial: null, newSerial: serial };
  const known = { id: 'everywhere', reason: 'there is no certificate yet', issuer: 'local-ca' };
  const served = targets.every((target) => target.served);
  return { ...known, ...serials, issued: true, served, targets, seconds: 9, failure: null };
}

const home = targetAt('123456789012/us-east-1');
const waiting = { serial: null, served: false, proven: false };
const far = targetAt(`210987654321/${region}`, waiting);
const order = { names: ['shop.example.com'], serial, finalizedTimes: 1 };

type Change = Partial<Pick<Everywhere, 'orders'>> & {
  readonly refused?: Partial<Everywhere['refused']>;
};

function played(change: Change = {}): Everywhere {
  const refused = {
    ...{ region, calls: 7, caughtUpAfterMs: 14_400, conditions: [{} as Debt] },
    meanwhile: [reportOf([home, far])],
    ...change.refused,
  };
  const certificates = [reportOf([home, targetAt(far.place)])];
  const end = { ok: true, certificates, gaveUpAfterMs: null };
  return { orders: [order], played: end, ...change, refused };
}

test.each<[string, Change, readonly string[]]>([
  ['as it is promised', {}, []],
  [
    'with two orders',
    { orders: [order, order] },
    ['the CA has had 2 orders for 1 keys', 'no single order led to the certificate of everywhere'],
  ],
  [
    'with an order for another certificate',
    { orders: [{ ...order, serial: '09' }] },
    ['no single order led to the certificate of everywhere'],
  ],
  [
    'where a target elsewhere is not proven',
    { refused: { meanwhile: [reportOf([{ ...home, proven: false }, far])] } },
    [`${home.name} was not served meanwhile`],
  ],
  [
    'where the region was served',
    { refused: { meanwhile: [reportOf([home, targetAt(far.place)])] } },
    [`${far.name} was served all the same`],
  ],
  [
    'where the debt is not told',
    { refused: { conditions: [] } },
    [`status.json told of 0 targets in ${region}, not of 1`],
  ],
])('a play %s', (_, change, wrong) => {
  const everywhere = played(change);
  expect(wrongWith(everywhere)).toEqual(wrong);
  for (const each of wrong) expect(endPage(everywhere, 80)).toContain(`Not as promised: ${each}.`);
});

test.each([80, 120])('the table fits %i columns, with each place once', (width) => {
  const another = targetAt(home.place, { served: false, serial: '09' });
  const silent = targetAt(home.place, { kind: 'acm', asked: false, port: null });
  const lines = targetTable([reportOf([home, another, silent, far])], width).split('\n');
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(lines.slice(1).map((line) => line.split(/\s{2,}/).slice(-2))).toEqual([
    ['yes', '04AF..00C3'],
    ['yes', 'another'],
    ['no', '04AF..00C3'],
    ['yes', 'not yet'],
  ]);
  expect(lines.filter((line) => line.startsWith(home.place))).toHaveLength(1);
});

test('a region refuses the calls of functions there until it ends, and people still see what is there', () => {
  const faults = faultInjection();
  const refusal = refuseRegion(faults, region);
  const call = (change: Partial<OutsideCall> = {}) =>
    faults.strike({
      ...{ service: 'acm', operation: 'ImportCertificate', caller: 'deploy', region, input: {} },
      ...change,
    });
  expect(call()).toMatchObject({ do: 'refuse', status: 503 });
  expect(call({ service: 'elbv2' })).toMatchObject({ do: 'refuse' });
  expect(call({ caller: null })).toBeNull();
  expect(call({ region: 'us-east-1' })).toBeNull();
  refusal.end();
  expect(call()).toBeNull();
  expect(refusal.calls()).toBe(2);
});
