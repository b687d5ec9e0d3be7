import { expect, test } from 'vitest';
import { widthOf } from '#cli/text/width.ts';
import { inbox, subjects } from '#local/demo/output/inbox.ts';
import { reportTable } from '#local/demo/output/report-table.ts';
import { verdict } from '#local/demo/output/verdict.ts';
import type { CertificateReport } from '#local/demo/report.ts';

function reportOf(id: string, change: Partial<CertificateReport> = {}): CertificateReport {
  const serial = '04AF000000000000000000000000000000C3';
  return {
    id,
    reason: 'names changed: +status.example.net, +another.example.net',
    issuer: 'letsencrypt-production',
    issued: true,
    served: true,
    oldSerial: null,
    newSerial: serial,
    targets: ['web', 'a-balancer-with-a-long-name'].map((name) => ({
      ...{ kind: 'alb', name, place: '123456789012/us-east-1', port: 12_345, serial },
      ...{ asked: true, served: true, proven: true },
    })),
    seconds: 123.4,
    failure: null,
    ...change,
  };
}

const failure = { error: 'CaaForbids', message: 'CAA at example.com names another.example only' };
const missing = { served: false, issued: false, newSerial: null, targets: [] };
const fleet = [
  reportOf('shop', { ...missing, failure }),
  reportOf('a-certificate-with-quite-a-long-name'),
  reportOf('blog'),
];

test.each([80, 100, 109, 110, 160])('the table fits %i columns', (width) => {
  const lines = reportTable(fleet, width).split('\n');
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(lines.some((line) => line.includes('04AF..'))).toBe(width >= 110);
});

test('what failed is named last, in the table and below it with its cause', () => {
  expect(reportTable(fleet, 80).split('\n').at(-1)).toMatch(/^shop .*no targets\s+NO/);
  const lines = verdict({ ok: false, certificates: fleet, gaveUpAfterMs: 50_000 }, 62_000);
  expect(lines.split('\n')).toEqual([
    '  shop: CaaForbids: CAA at example.com names another.example only',
    '',
    'Gave up: for 50.0 s nothing more has come of shop.',
    'Not every endpoint serves what the ledger says (62.0 s): shop.',
  ]);
});

test('an endpoint that serves something else is the cause', () => {
  const [served] = reportOf('blog').targets;
  const targets = served ? [served, { ...served, name: 'old', served: false }] : [];
  const certificates = [reportOf('blog', { served: false, targets })];
  expect(verdict({ ok: false, certificates, gaveUpAfterMs: null }, 1_000)).toContain(
    'blog: not served by old:12345',
  );
});

test('a verdict that all is well is one line', () => {
  const certificates = [reportOf('blog')];
  expect(verdict({ ok: true, certificates, gaveUpAfterMs: null }, 400_000)).toBe(
    'Every endpoint serves what the ledger says (6.7 minutes).',
  );
});

const letter = {
  publishedAt: new Date('2026-12-01T03:04:05Z'),
  subject: 'certkeep warning: shop',
  message: 'line one\nline two',
  recipients: ['ops@example.com'],
};

test('a message is one line, or whole', () => {
  const unheard = { ...letter, recipients: [] };
  expect(subjects([letter, unheard])).toBe('03:04:05  certkeep warning: shop');
  expect(inbox([letter])).toBe('03:04:05  certkeep warning: shop\n    line one\n    line two');
});
