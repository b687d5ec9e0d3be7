import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { issuerYaml, letsencrypt, type Row, shopWith, warningOf } from '#test/support/mistakes.ts';

const known = issuerYaml(letsencrypt);
const shortlived = issuerYaml(`${letsencrypt}, profile: shortlived`);
const alerts = (days: string) => `alerts: {email: [ops@certkeep.dev], expiringDays: [${days}]}`;
const freeze = (days: string) => `maintenance: {timeZone: UTC, freeze: [${days}]}`;
const two = (more = '') =>
  `issuers: {letsencrypt: {${letsencrypt}}, other: {${letsencrypt}${more}}}`;

const rows: readonly Row[] = [
  // Nobody to tell.
  ['no address', { alerts: '' }, 'alerts', 'names nobody', '"alerts: {email: [you@your-company]}"'],
  [
    'an empty list',
    { alerts: 'alerts: {email: []}' },
    'alerts',
    'names nobody',
    'confirm the message',
  ],
  [
    'an address of the documentation',
    { alerts: 'alerts: {email: [ops@example.com]}' },
    'alerts.email[0]',
    'reserved domain',
    'of yours',
  ],
  // Nobody outside who watches home.
  [
    'neither a replica nor a heartbeat',
    { replicas: '' },
    'alerts',
    'the home region or the account is away',
    '"heartbeat: {secret: …}"',
  ],
  // Settings against the life of what is issued.
  [
    '120 days before the end of 90',
    { issuers: known, ...shopWith('renewBeforeDays: 120') },
    'certificates.shop.renewBeforeDays',
    'as long as the 90 days that such a certificate lives, or longer',
    'Write less than 45 days',
  ],
  [
    '60 days before the end of 90',
    { issuers: known, ...shopWith('renewBeforeDays: 60') },
    'certificates.shop.renewBeforeDays',
    'at least half of the 90 days',
    'a third of the life',
  ],
  [
    '30 days before the end of 160 hours',
    { issuers: shortlived, ...shopWith('renewBeforeDays: 30') },
    'certificates.shop.renewBeforeDays',
    'as long as the 160 hours',
    'Write less than 80 hours',
  ],
  [
    '6 days before the end of 160 hours',
    { issuers: shortlived, ...shopWith('renewBeforeDays: 6') },
    'certificates.shop.renewBeforeDays',
    'one is issued every 16 hours',
    'half of the life',
  ],
  [
    '23 days before the end of 45',
    { issuers: issuerYaml(`${letsencrypt}, profile: tlsserver`), ...shopWith('renewBefore: 23d') },
    'certificates.shop.renewBefore',
    'at least half of the 45 days',
    '22 days',
  ],
  [
    'alerts longer than every life',
    { issuers: shortlived, alerts: alerts('30, 14') },
    'alerts.expiringDays',
    'are all longer than the 160 hours that shop lives',
    '3, 2, 1',
  ],
  [
    'an alert longer than every life',
    { issuers: shortlived, alerts: alerts('14, 2') },
    'alerts.expiringDays[0]',
    'is longer than the 160 hours',
    'Remove it',
  ],
  [
    'hours longer than every life',
    { issuers: shortlived, alerts: alerts('300h, 12h') },
    'alerts.expiringDays[0]',
    'is longer than the 160 hours',
    'Remove it',
  ],
  // A freeze against how long a renewal can wait.
  [
    'a freeze over the holidays beside 90 days',
    { issuers: known, retired: freeze('2026-12-15..2027-01-05') },
    'maintenance.freeze[0]',
    'lasts 22 days, and a renewal of shop waits 21 days at most',
    '"renewBefore: 31d" for shop',
  ],
  [
    'freezes that meet',
    { issuers: known, retired: freeze('2026-12-10..2026-12-20, 2026-12-21..2027-01-05') },
    'maintenance.freeze[0]',
    'lasts 27 days with what follows it',
    '"renewBefore: 36d"',
  ],
  [
    'a freeze of five days beside 160 hours',
    { issuers: shortlived, ...shopWith(freeze('2026-12-24..2026-12-28')) },
    'certificates.shop.maintenance.freeze[0]',
    'waits 64 hours at most',
    'Shorten it to 64 hours or less',
  ],
  // Two of the same.
  [
    'an issuer twice',
    {
      issuers: known,
      certificates: certificatesYaml({ shop: { issuer: '[letsencrypt, letsencrypt]' } }),
    },
    'certificates.shop.issuer[1]',
    'is listed twice',
    'another CA',
  ],
  [
    'a CA twice',
    {
      issuers: two(),
      certificates: certificatesYaml({ shop: { issuer: '[letsencrypt, other]' } }),
    },
    'certificates.shop.issuer[1]',
    'is the same CA as letsencrypt',
    'another CA',
  ],
  [
    'the same names in two certificates',
    { issuers: known, certificates: certificatesYaml({ shop: {}, store: {} }) },
    'certificates.store.names',
    'are exactly those of shop',
    'Let shop have the targets of both',
  ],
  [
    'two default solvers',
    { solvers: 'solvers: [{type: route53}, {type: cloudflare, secret: dns/x}]' },
    'solvers[1]',
    'is never used: solvers[0] is the default before it',
    'Remove it',
  ],
  [
    'a solver for no name',
    {
      solvers:
        'solvers: [{type: route53}, {type: cloudflare, secret: dns/x, selector: {dnsZones: [b.net]}}]',
    },
    'solvers[1]',
    'is never used: no name',
    'selector',
  ],
  // Times and places.
  [
    'every hour forbidden',
    { retired: 'maintenance: {timeZone: UTC, forbid: ["daily 08:00-20:00", "daily 20:00-08:00"]}' },
    'maintenance.forbid',
    'forbids every minute of the week',
    'some hours',
  ],
  [
    'every hour forbidden, over midnight on Sunday',
    shopWith('maintenance: {timeZone: UTC, forbid: ["Mon-Sun 12:00-12:00"]}'),
    'certificates.shop.maintenance.forbid',
    'forbids every minute of the week',
    'some hours',
  ],
  [
    'another path at a known host',
    {
      issuers: issuerYaml(
        'type: acme, directory: "https://acme-v02.api.letsencrypt.org/dir", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    "is at the host of Let's Encrypt",
    'Did you mean "letsencrypt"?',
  ],
  [
    'a host that Let’s Encrypt had earlier',
    {
      issuers: issuerYaml(
        'type: acme, directory: "https://acme-v01.api.letsencrypt.org/directory", termsOfServiceAgreed: true',
      ),
    },
    'issuers.letsencrypt.directory',
    "is at another host of Let's Encrypt, and no directory of it that certkeep knows",
    'Did you mean "letsencrypt"?',
  ],
];

test.each(rows)('%s', (_, parts, path, message, fix) => {
  const warning = warningOf(parts);
  expect(warning.path).toBe(path);
  expect(warning.message).toContain(message);
  expect(warning.fix).toContain(fix);
});

test('warnings are one list in the order of the file', () => {
  const text = configYaml({
    alerts: alerts('120'),
    issuers: known,
    solvers: 'solvers: [{type: route53}, {type: route53}]',
    ...shopWith('renewBeforeDays: 90'),
  });
  const lines = parsed(text).warnings.map(({ line }) => line);
  expect(lines).toEqual([3, 5, 12]);
});
