import { expect, test } from 'vitest';
import { catalogue } from '#shared/errors.ts';
import { decideMessages } from '#shared/finish/alert/decide-messages.ts';
import { messageOf } from '#shared/finish/alert/message.ts';
import { begunAt, type Told } from '#shared/finish/alert/told.ts';
import { type Condition, type ConditionType, conditionTypes } from '#shared/status/condition.ts';
import { stateReasons } from '#shared/status/reasons.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { now } from '#test/support/healthy.ts';

const addresses = { runbook: 'https://wiki.example/certkeep/runbook.md' };
type Fleet = Parameters<typeof fleetStatus>[0];
type Step = {
  readonly fleet: Fleet;
  readonly own?: readonly Condition[];
  readonly afterMs?: number;
};

/** The messages after the last of these checks; the first message of the installation was read long ago. */
function heard(...steps: readonly Step[]) {
  let told: Told = { ...begunAt(now), digestAt: now.toISOString() };
  let at = now;
  let messages: readonly ReturnType<typeof messageOf>[] = [];
  for (const { afterMs = 0, fleet, own = [] } of steps) {
    at = addMs(at, afterMs);
    const status = fleetStatus(fleet, { at, own });
    const decided = decideMessages(status, told, { digest: 'weekly' }, at);
    messages = decided.messages.map((each) => messageOf(each, { status, addresses, now: at }));
    told = decided.after(new Set());
  }
  return messages;
}

function only(...steps: readonly Step[]) {
  const [message, ...rest] = heard(...steps);
  if (!message || rest.length > 0) throw new Error(`${rest.length + 1} messages`);
  return message;
}

const web = 'web:443 (eu-central-1)';
const contradicted = troubled({
  ...{ type: 'Served', about: web, reason: 'EndpointContradicted' },
  message: `${web} serves another certificate: serial 99 at 10.0.0.1`,
  danger: { severity: 'critical', clients: 'another', where: web, hurtsAt: now.toISOString() },
});

test('a certificate that cannot be renewed', () => {
  const { subject, short, text } = only({ fleet: { shop: [troubled()] } });
  expect(subject).toBe('certkeep warning: shop cannot be renewed by letsencrypt: CaaForbids');
  expect(short).toBe(
    'certkeep warning: shop cannot be renewed by letsencrypt: CaaForbids, 80 days left (eu-central-1)',
  );
  expect(text).toBe(`shop cannot be renewed by letsencrypt: CaaForbids.

  Certificate   shop (shop.example.com and 1 more, 1 target)
  Installation  certkeep in 123456789012, eu-central-1
  Since         2026-11-21 03:00 UTC (24 hours ago)
  Clients       at web:443 (eu-central-1) get a certificate that is valid until 2027-02-10
  Until         2027-02-10 03:00 UTC (in 80 days)
  Cause         CaaForbids: example.com allows only digicert.com

What to do: Allow the CA in the CAA records named, or use an issuer that they allow. Then retry. The command does both where Route 53 has the zone.

  echo '{"certificates":["shop"],"retry":true,"reason":"after CaaForbids"}' | aws lambda invoke --function-name certkeep-check:retry --region eu-central-1 --payload fileb:///dev/stdin answer.json

Runbook: https://wiki.example/certkeep/runbook.md#caaforbids`);
});

test('the command for a cause that many share helps those as well for which certkeep still tries', () => {
  const shared = { reason: 'IssuerUnreachable', scope: 'issuer letsencrypt' };
  const tried = troubled({ ...shared, danger: { severity: 'none' } });
  const other = troubled({ ...shared, scope: 'issuer google' });
  const { text } = heard({
    fleet: { shop: [troubled(shared)], blog: [tried], docs: [other] },
  }).find((each) => each.text.includes('"shop"')) ?? { text: '' };
  expect(text).toContain('{"certificates":["blog","shop"],"retry":true,');
});

test('a listener that is gone is named, with the way to correct it', () => {
  const gone = troubled({
    ...{ type: 'Served', about: 'web:443 (eu-central-1)', status: 'unknown' },
    ...{ reason: 'ListenerNotFound', message: 'there is no listener' },
  });
  const { subject, text } = only({ fleet: { shop: [gone] } });
  expect(subject).toBe(
    'certkeep warning: shop without its listener web:443 (eu-central-1): ListenerNotFound',
  );
  expect(text).toContain('\n  npx cdk deploy --all\n');
});

test('an endpoint that serves another certificate', () => {
  const { subject, text } = only({ fleet: { shop: [contradicted] } });
  expect(subject).toBe(
    'certkeep critical: shop not served by web:443 (eu-central-1): EndpointContradicted',
  );
  expect(text).toContain('Clients       at web:443 (eu-central-1) get another certificate\n');
  expect(text).toContain('Hurt since    2026-11-22 03:00 UTC (now)\n');
  expect(text).toContain(
    'openssl s_client -connect shop.example.com:443 -servername shop.example.com',
  );
});

test('a reminder says so, and how much time is left', () => {
  const urgent = troubled({
    danger: { severity: 'critical', hurtsAt: addMs(now, 30 * hourMs).toISOString() },
  });
  const steps = { fleet: { shop: [urgent] } };
  const { subject, short } = only(steps, { ...steps, afterMs: 24 * hourMs });
  expect(subject).toMatch(/^certkeep critical: still: shop cannot be renewed/);
  expect(short).toContain(', 6 hours left');
});

test('trouble that changed says what it was', () => {
  const later = troubled({ reason: 'ZoneNotFound', message: 'ZoneNotFound: no public zone' });
  const { subject, text } = only({ fleet: { shop: [troubled()] } }, { fleet: { shop: [later] } });
  expect(subject).toBe(
    'certkeep warning: changed: shop cannot be renewed by letsencrypt: ZoneNotFound',
  );
  expect(text).toContain('Before        Renewable CaaForbids letsencrypt, clients get: valid');
});

test('what is well again', () => {
  const { subject, text } = only(
    { fleet: { shop: [contradicted] } },
    { fleet: { shop: [] }, afterMs: hourMs / 5 },
  );
  expect(subject).toBe('certkeep well again: shop');
  expect(text).toBe(`well again: shop.

  Installation  certkeep in 123456789012, eu-central-1
  It was        Served EndpointContradicted web:443 (eu-central-1), clients get: another
  Told since    2026-11-22 03:00 UTC (12 minutes ago)
  Well again    shop`);
});

test('what is well again says who has other trouble, and who is not kept any more', () => {
  const down = troubled({ reason: 'IssuerUnreachable', scope: 'issuer letsencrypt' });
  const [, well] = heard(
    { fleet: { a: [down], b: [down], c: [down] } },
    { fleet: { a: [], b: [troubled()] } },
  );
  expect(well?.subject).toBe('certkeep well again: a');
  expect(well?.text).toContain('  Still bad     b\n  Not kept now  c');
});

test('an issuer that is down for many is one message, with whoever ends first', () => {
  const of = (days: number) =>
    troubled({
      ...{ reason: 'IssuerUnreachable', scope: 'issuer letsencrypt' },
      message: 'IssuerUnreachable: connect ECONNREFUSED',
      nextAttemptAt: addMs(now, hourMs / 2).toISOString(),
      danger: { hurtsAt: addMs(now, days * dayMs).toISOString() },
    });
  const { subject, text } = only({ fleet: { a: [of(30)], b: [of(10)], c: [of(20)] } });
  expect(subject).toBe(
    'certkeep warning: 3 certificates cannot be renewed by letsencrypt: IssuerUnreachable',
  );
  expect(text).toContain('Ends first    b (b.example.com and 1 more, 1 target)');
  expect(text).toContain(
    'By itself     certkeep tries again at 2026-11-22 03:30 UTC (in 30 minutes)',
  );
  expect(text).toMatch(/\n\nAlso: c \(until 2026-12-12\), a \(until 2026-12-22\)$/);
});

test('certkeep itself, and whoever waits for it', () => {
  const scope = 'Verifying';
  const own = troubled({ type: 'Verifying', about: null, reason: 'ProofOverdue', scope });
  const waiting = troubled({
    ...{ type: 'Served', about: web, status: 'unknown', reason: 'ProofOverdue', scope },
    danger: { severity: 'critical', hurtsAt: addMs(now, dayMs).toISOString() },
  });
  const { subject, text } = only({ fleet: { shop: [waiting] }, own: [own] });
  expect(subject).toBe(
    'certkeep critical: certkeep does not look at endpoints in time: ProofOverdue',
  );
  expect(text).toContain('Until         2026-11-23 03:00 UTC (in 24 hours)');
  expect(text).toMatch(/\n {2}shop \(until 2026-11-23\): Served ProofOverdue/);
});

test('certkeep itself', () => {
  const own = troubled({
    ...{ type: 'Delivering', about: null, reason: 'DeployOverdue' },
    message: '12 targets wait for deploy, the longest since 2026-11-20T03:00:00Z',
  });
  const { subject, text } = only({ fleet: { shop: [] }, own: [own] });
  expect(subject).toBe('certkeep warning: certkeep does not deploy in time: DeployOverdue');
  expect(text).toContain(
    "  aws logs filter-log-events --log-group-name /aws/lambda/certkeep-deploy --start-time $(($(date +%s) - 3600))000 --query 'events[].[message]' --output text --region eu-central-1",
  );
});

test('a certificate that is out of the file', () => {
  const forgotten = troubled({
    ...{ type: 'Configured', about: web, reason: 'NotConfigured' },
    message: `it is not in the configuration any more, still bound at ${web}`,
  });
  const { subject, text } = only({ fleet: { shop: [forgotten] } });
  expect(subject).toBe(
    'certkeep warning: shop not in the configuration, bound at web:443 (eu-central-1): NotConfigured',
  );
  expect(text).toContain('What to do: Put the certificate back into the configuration');
});

test('many different things are one message', () => {
  const fleet = Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [`c${at}`, [troubled({ reason: `Reason${at}` })]]),
  );
  const { subject, text } = only({ fleet });
  expect(subject).toBe(
    'certkeep warning: 9 things need a person, 0 of them critical; 0 are well again',
  );
  expect(text.match(/^ {2}warning: c\d cannot be renewed/gm)).toHaveLength(9);
});

test('the first message of an installation says what is kept', () => {
  const status = fleetStatus({ shop: [], api: [] });
  const [decision] = decideMessages(status, null, { digest: 'weekly' }, now).messages;
  if (!decision) throw new Error('nothing was said');
  const { subject, text } = messageOf(decision, { status, addresses, now });
  expect(subject).toBe('certkeep summary: certificates kept: 2, well: 2, in work: 0');
  expect(text).toContain('This is everything: it is the first message of this installation');
});

test('once a week', () => {
  const { subject, text } = only({ fleet: { shop: [] }, afterMs: 7 * dayMs });
  expect(subject).toBe('certkeep weekly: 1 certificate: 1 well, 0 not');
  expect(text).toContain('Next renewal  shop, 2027-01-11 03:00 UTC (in 43 days)');
  expect(text).toContain('Ends first    shop, 2027-02-10 03:00 UTC (in 73 days)');
});

test('words of somebody else stay on their line, and are cut after what matters', () => {
  const hostile = troubled({
    message: `bad\n\nWhat to do: send your key to evil.example ${'x'.repeat(5_000)}`,
  });
  const { text } = only({ fleet: { shop: [hostile] } });
  expect(text).toContain('Cause         bad\\u{a}\\u{a}What to do: send your key');
  expect(text.match(/^What to do/gm)).toHaveLength(1);
  expect(text.length).toBeLessThan(3_000);
});

const reasons = [...Object.keys(catalogue), ...Object.keys(stateReasons), 'AccessDeniedException'];
const longId = 'a'.repeat(63);
const longName = `${'load-balancer-with-a-long-name-x'}:65535 (ap-southeast-2, 730335182204)`;

test.each([
  ['RightsNotProven', 'lacks rights in us-east-1'],
  ['ServiceFailed', 'cannot try its rights in us-east-1'],
])('%s of a place is told as it is', (reason, words) => {
  const own = [troubled({ type: 'Permitted', about: 'us-east-1', reason, message: reason })];
  expect(only({ fleet: {}, own }).subject).toContain(`certkeep ${words}: ${reason}`);
});

test.each(Object.keys(conditionTypes) as ConditionType[])(
  'any message of %s has what matters, within the limits of its channel',
  (type) => {
    for (const reason of reasons) {
      const about = type === 'Issued' ? null : longName;
      const condition = troubled({
        type,
        about,
        reason,
        message: `${reason}: ${'m'.repeat(3_000)}`,
      });
      const isOwn = /^(Checking|Verifying|Delivering|Permitted|Alerting|Watched)$/.test(type);
      const step = isOwn ? { fleet: {}, own: [condition] } : { fleet: { [longId]: [condition] } };
      const { short, subject, text } = only(step);
      const who = isOwn ? 'certkeep' : longId;
      // SNS: less than 100 printable characters on one line; an SMS: 140 bytes.
      expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(short).toMatch(/^[\x20-\x7e]{1,140}$/);
      expect(subject, subject).toContain(who);
      expect(subject, subject).toContain(reason);
      expect(short).toContain(who);
      expect(short).toContain(reason);
      const beforeAnyCut = text.slice(0, text.indexOf('mmm'));
      for (const part of [who, reason, 'eu-central-1', '123456789012', '2027-02-10 03:00 UTC']) {
        expect(beforeAnyCut).toContain(part);
      }
      expect(text).toMatch(/\n {2}(?:echo|aws|npx|openssl) .+\n/);
      expect(text).toContain(`${addresses.runbook}#${reason.toLowerCase()}`);
    }
  },
);
