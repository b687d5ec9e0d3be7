import { expect, test } from 'vitest';
import { exitCodeOf, statusPage } from '#cli/see/status/page.ts';
import { colorPaint, plainPaint } from '#cli/text/paint.ts';
import type { Condition } from '#shared/status/condition.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { inDays, now } from '#test/support/healthy.ts';

const caa = troubled({
  message: 'CaaForbids: example.com has CAA records that do not name letsencrypt.org, but another',
  danger: { severity: 'critical', hurtsAt: inDays(2.5).toISOString() },
});
const silent = troubled({
  ...{ type: 'Served', status: 'unknown', reason: 'EndpointUnreachable' },
  ...{ about: 'careers:443 (eu-central-1)', message: 'no answer from 10.2.0.7:443' },
  danger: { where: 'careers:443 (eu-central-1)' },
});
const underWay = troubled({
  ...{ status: 'unknown', reason: 'BeingRenewed', message: 'an order is under way', about: null },
  nextAttemptAt: addMs(now, 15 * minuteMs).toISOString(),
  danger: { severity: 'none', where: null },
});
const unheard = troubled({
  ...{ type: 'Watched', about: null, reason: 'NobodyConfirmed' },
  message: 'nobody has confirmed the topic of alert',
  danger: { clients: 'unaffected', where: null, hurtsAt: null },
});

function page(status: Status, width = 80, at = addMs(now, 4 * minuteMs)): string {
  const look = { now: at, width, paint: plainPaint };
  return statusPage(status, status.certificates.length, look).join('\n');
}

function fleet(own: readonly Condition[] = []): Status {
  return fleetStatus({ shop: [caa, silent], careers: [silent], api: [underWay], www: [] }, { own });
}

test('at 80 columns the worst comes first, and below it stands where and why', () => {
  expect(page(fleet())).toBe(`\
certkeep in 123456789012/eu-central-1, checked 4 minutes ago
4 certificates: 1 critical, 1 warning, 1 working, 1 well

STATE     ID       CERTIFICATE          ENDS IN  RENEWS      ISSUER       SERVED
critical  shop     shop.example.com     79 d     11 Jan      letsencrypt  2 d
          web:443 (eu-central-1): CaaForbids: example.com has CAA records that…
warning   careers  careers.example.com  79 d     11 Jan      letsencrypt  79 d
          careers:443 (eu-central-1): no answer from 10.2.0.7:443
working   api      api.example.com      79 d     try 11 min  letsencrypt  79 d
          an order is under way
well      www      www.example.com      79 d     11 Jan      letsencrypt  79 d`);
});

test('at 120 columns the reason has more room', () => {
  expect(page(fleetStatus({ shop: [caa, silent] }), 120)).toBe(`\
certkeep in 123456789012/eu-central-1, checked 4 minutes ago
1 certificate: 1 critical

STATE     ID    CERTIFICATE       ENDS IN  RENEWS  ISSUER       SERVED
critical  shop  shop.example.com  79 d     11 Jan  letsencrypt  2 d
          web:443 (eu-central-1): CaaForbids: example.com has CAA records that do not name letsencrypt.org, but another…`);
});

test('at 170 columns it stands beside the rest', () => {
  expect(page(fleetStatus({ careers: [silent], www: [] }), 170)).toBe(`\
certkeep in 123456789012/eu-central-1, checked 4 minutes ago
2 certificates: 1 warning, 1 well

STATE    ID       CERTIFICATE          ENDS IN  RENEWS  ISSUER       SERVED  WHY
warning  careers  careers.example.com  79 d     11 Jan  letsencrypt  79 d    careers:443 (eu-central-1): no answer from 10.2.0.7:443
well     www      www.example.com      79 d     11 Jan  letsencrypt  79 d`);
});

test('the installation comes before the certificates, with the next step and its command', () => {
  expect(page(fleetStatus({}, { own: [unheard] }))).toBe(`\
certkeep in 123456789012/eu-central-1, checked 4 minutes ago
0 certificates

warning   Watched: nobody has confirmed the topic of alert
          Have somebody follow the link in the mail of AWS; after two days it is
          void, and the address is to be subscribed again.
          aws sns list-subscriptions-by-topic --region eu-central-1 --topic-arn arn:aws:sns:eu-central-1:123456789012:certkeep-alerts`);
});

test('a check that is older than an hour is said to be too old', () => {
  const text = page(fleetStatus({ www: [] }), 80, addMs(now, 3 * hourMs));
  expect(text).toContain('checked 3 hours ago\n');
  expect(text).toContain('The check is too old: 3 hours ago.');
  expect(text).toContain(`  ${logCommand('/aws/lambda/certkeep-check', 'eu-central-1')}`);
});

test('long names and ids are cut, so that a line fits', () => {
  const id = 'a-very-long-id-of-a-certificate-that-somebody-chose';
  const lines = page(fleetStatus({ [id]: [underWay], www: [] })).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.find((line) => line.startsWith('working '))).toBe(
    'working  a-very-long-id-…  a-very-long-i…  79 d     try 11 min  letsenc…  79 d',
  );
});

test('colour takes no room', () => {
  const look = { now, width: 80 };
  const plain = statusPage(fleet([unheard]), 4, { ...look, paint: plainPaint });
  const colored = statusPage(fleet([unheard]), 4, { ...look, paint: colorPaint });
  expect(colored.join('\n')).toContain('\u001b[31mcritical');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them.
  expect(colored.map((line) => line.replace(/\u001b\[\d+m/g, '').trimEnd())).toEqual(plain);
});

test.each([
  ['all well', fleetStatus({ www: [] }), now, 0],
  ['something under way', fleetStatus({ api: [underWay] }), now, 0],
  ['a certificate in trouble', fleetStatus({ careers: [silent] }), now, 1],
  ['an installation in trouble', fleetStatus({ www: [] }, { own: [unheard] }), now, 1],
  ['nobody knows any more', fleetStatus({ www: [] }), addMs(now, 61 * minuteMs), 1],
])('%s: the exit code says whether somebody is needed', (_, status, at, code) => {
  expect(exitCodeOf(status, at)).toBe(code);
});
