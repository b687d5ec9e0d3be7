import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { issuerYaml, letsencrypt, shopWith } from '#test/support/mistakes.ts';

const known = issuerYaml(letsencrypt);
const shortlived = issuerYaml(`${letsencrypt}, profile: shortlived`);
const alerts = (days: string) => `alerts: {email: [ops@certkeep.dev], expiringDays: [${days}]}`;
const freeze = (days: string) => `maintenance: {timeZone: UTC, freeze: [${days}]}`;
const two = (more = '') =>
  `issuers: {letsencrypt: {${letsencrypt}}, other: {${letsencrypt}${more}}}`;

test.each<[string, Parameters<typeof configYaml>[0]]>([
  ['a third of a life', { issuers: known, ...shopWith('renewBefore: 762h') }],
  [
    'a freeze of three weeks beside 90 days',
    { issuers: known, retired: freeze('2026-12-15..2027-01-04') },
  ],
  [
    'a longer freeze where renewals are due earlier',
    { issuers: known, ...shopWith('renewBefore: 31d'), retired: freeze('2026-12-15..2027-01-05') },
  ],
  ['hours within a short life', { issuers: shortlived, alerts: alerts('2, 12h') }],
  ['days of a CA that is not known', shopWith('renewBeforeDays: 300')],
  ['the usual thresholds beside a short life', { issuers: shortlived }],
  [
    'thresholds of which one is within a short life',
    {
      issuers: `issuers: {letsencrypt: {${letsencrypt}}, short: {${letsencrypt}, profile: shortlived}}`,
      alerts: alerts('30, 2'),
      certificates: certificatesYaml({
        shop: {},
        brief: { names: '[b.example.com]', issuer: 'short' },
      }),
    },
  ],
  [
    'another profile of one CA',
    {
      issuers: two(', profile: tlsserver'),
      certificates: certificatesYaml({ shop: { issuer: '[letsencrypt, other]' } }),
    },
  ],
  [
    'one name with keys of both families',
    { issuers: known, certificates: certificatesYaml({ shop: {}, rsa: { key: 'rsa-2048' } }) },
  ],
  [
    'DNS for wildcards behind HTTP',
    {
      issuers: known,
      solvers:
        'solvers: [{type: alb-http01, listener: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"}, {type: route53}]',
      certificates: certificatesYaml({ shop: { names: '[example.com, "*.example.com"]' } }),
    },
  ],
  [
    'an hour that is left open',
    {
      retired: 'maintenance: {timeZone: UTC, forbid: ["daily 08:00-20:00", "Mon-Sat 20:00-08:00"]}',
    },
  ],
])('no warning: %s', (_, parts) => {
  expect(parsed(configYaml(parts)).warnings).toEqual([]);
});
