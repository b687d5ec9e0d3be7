import { expect, test } from 'vitest';
import { servedEvent } from '#shared/deploy/events.ts';
import { withVerdicts } from '#shared/deploy/verify/verdicts.ts';
import { hourMs } from '#shared/time/clock.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';

const listener = (region: string, account = '123456789012') =>
  `alb:default:arn:aws:elasticloadbalancing:${region}:${account}:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`;
const keys = [
  listener('eu-central-1'),
  listener('us-east-1'),
  listener('us-east-1', '210987654321'),
  'clb:123456789012/eu-west-1/old:443',
];
const version = versionOf({});

test('who is served names every target once with its place, whichever run has proven it', () => {
  const proven = (key: string) => ({
    ...{ state: 'proven', place: '123456789012/us-east-1', versionId: version.id, arn: 'arn:1' },
    ...{ previous: null, baselineSerial: null, changedAt: now.toISOString(), failure: null },
    ...{ provenAt: now.toISOString(), probe: null, nextProbeAt: null },
    endpoint: { name: nameOf(key), host: 'h', port: 443, lookedAt: now.toISOString() },
  });
  const nameOf = (key: string) => (key.startsWith('clb') ? 'old:443' : 'web:443');
  const [last = '', ...earlier] = keys;
  const seen = healthy({
    versions: [version],
    desired: version.id,
    deployments: Object.fromEntries([
      ...earlier.map((key) => [key, proven(key)]),
      [last, { ...proven(last), state: 'awaiting-proof', provenAt: null }],
    ]),
  });
  const served = { serial: version.serial, fingerprintSha256: version.fingerprintSha256 };
  const verdict = { outcome: 'proven', detail: 'serves it', served: null, ...served };
  const observation = { key: last, name: 'web:443', where: null, verdict, servedUntil: null };
  const record = withVerdicts(seen, {
    ...{ seen, version, now, jitter: 0, retryDelaysMs: [], targets: keys.map((key) => ({ key })) },
    settings: { reprobeMs: 6 * hourMs, resumeMs: 1_000 },
    observations: [{ ...observation, contradictedSince: null } as never],
  });
  expect(record.outbox.map(({ summary }) => summary)).toEqual([
    'shop is served by web:443 (eu-central-1, 123456789012), web:443 (us-east-1, 123456789012), web:443 (us-east-1, 210987654321), old:443 (eu-west-1, 123456789012)',
  ]);
});

test('a target that nobody can ask is said to hold it', () => {
  const alone = { key: 'acm:123456789012/us-east-1', name: 'ACM shop', isAsked: false };
  const asked = { key: 'clb:123456789012/eu-west-1/old:443', name: 'old:443', isAsked: true };
  const summaryOf = (...targets: (typeof alone)[]) =>
    servedEvent('shop', version, targets, now).summary;
  const held = 'held by ACM shop (us-east-1, 123456789012), where nobody can ask who serves it';
  expect(summaryOf(alone)).toBe(`shop is ${held}`);
  expect(summaryOf(alone, asked)).toBe(
    `shop is served by old:443 (eu-west-1, 123456789012), and ${held}`,
  );
});

test('of very many targets the first are named, and the rest counted', () => {
  const many = Array.from({ length: 23 }, (_, n) => ({
    ...{ key: `k${n}`, name: `t${n}` },
    isAsked: true,
  }));
  const { summary } = servedEvent('shop', version, many, now);
  expect(summary).toMatch(/^shop is served by t0, .*, t19, 3 other targets$/);
});
