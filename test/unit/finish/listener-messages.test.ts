import { expect, test } from 'vitest';
import { nameServedByAnother } from '#shared/deploy/choice/hold-back.ts';
import { failedEvent, listenerChangedEvent } from '#shared/deploy/events.ts';
import { CertkeepError } from '#shared/errors.ts';
import { messageOf } from '#shared/finish/alert/message.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { failureUntil, inDays, now, versionOf } from '#test/support/healthy.ts';

const subject = {
  certificate: 'shop',
  version: versionOf({ serial: '04A1' }),
  key: 'alb:default:arn',
  name: 'shop-alb:443',
};
const seen: Deployment = {
  state: 'proven',
  place: '123456789012/us-east-1',
  versionId: 'v1',
  arn: 'arn:aws:acm:us-east-1:123456789012:certificate/ours',
  previous: null,
  baselineSerial: null,
  changedAt: now.toISOString(),
  provenAt: now.toISOString(),
  probe: null,
  nextProbeAt: null,
  failure: null,
};
const foreign = 'arn:aws:acm:us-east-1:123456789012:certificate/foreign';

type Changed = Parameters<typeof listenerChangedEvent>[1];

function changed(change: Partial<Changed>): string {
  const event = listenerChangedEvent(subject, {
    at: now,
    found: { default: foreign, list: [] },
    owners: [],
    times: 1,
    seen,
    ...change,
  });
  return messageOf(event).text.replace(/^(\S+) {2}\S+$/m, '$1');
}

test('a listener that somebody has changed is told with what it held and who may have done it', () => {
  const probe = {
    at: now.toISOString(),
    host: 'shop.example',
    port: 443,
    outcome: 'contradicted',
    serial: '03F7',
    detail: 'another certificate, serial 03F7 (example.com at 192.0.2.1)',
  } as const;
  expect(
    changed({ owners: ['CloudFormation stack shop'], times: 2, seen: { ...seen, probe } }),
  ).toBe(`shop: somebody changed shop-alb:443; certkeep has bound the certificate again.

  Stage          rebind
  Target         shop-alb:443
  Found          default arn:aws:acm:us-east-1:123456789012:certificate/foreign, and 0 in the list
  Endpoint said  "another certificate, serial 03F7 (example.com at 192.0.2.1)" (as the endpoint answered)
  Managed by     "CloudFormation stack shop" (by the tags of the load balancer)
  Changes        2 by certkeep within 24 hours (at most 8)
  Serial         04A1

What to do: Its tags say that "CloudFormation stack shop" manages the load balancer: stop setting the certificate there, or take the target out of the configuration: certkeep corrects the listener again, but not without end.

2026-11-22T03:00:00.000Z`);
});

test('if no tag says who did it, the message says where to look', () => {
  expect(
    changed({}),
  ).toBe(`shop: somebody changed shop-alb:443; certkeep has bound the certificate again.

  Stage          rebind
  Target         shop-alb:443
  Found          default arn:aws:acm:us-east-1:123456789012:certificate/foreign, and 0 in the list
  Changes        1 by certkeep within 24 hours (at most 8)
  Serial         04A1

What to do: Find out in CloudTrail who changes the certificates of this load balancer, and stop that, or take the target out of the configuration: certkeep corrects the listener again, but not without end.

2026-11-22T03:00:00.000Z`);
});

function failed(error: CertkeepError): string {
  const failure = failureUntil(addMs(now, hourMs), { error: error.name, message: error.message });
  const setback = {
    failure,
    error,
    stage: 'rebind',
    servedUntil: inDays(20).toISOString(),
  } as const;
  const { subject: line, text } = messageOf(failedEvent(subject, setback));
  expect(line).toMatch(/^\[certkeep\] critical: /);
  return text.replace(/^\S+ {2}shop-deploy-failed-\S+$/m, '…');
}

test('a certificate that answers for a name of ours is named, with the command that takes it away', () => {
  const listener =
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop-alb/50dc6c495c0c9188/f2f7dc8efc522ab2';
  const view = {
    name: 'shop-alb:443',
    endpoint: { host: 'shop.example', port: 443 },
    kind: 'alb',
    default: null,
    list: [foreign],
  } as const;
  const rival = { name: 'www.example.com', arns: [foreign], doubt: null };
  expect(failed(nameServedByAnother({ target: { listener }, view }, rival))).toBe(
    `shop could not be deployed to shop-alb:443: NameServedByAnother.

  Stage          rebind
  Error          NameServedByAnother
  What happened  at shop-alb:443 arn:aws:acm:us-east-1:123456789012:certificate/foreign answers for www.example.com; nothing was changed there
  Attempts       1
  Next attempt   2026-11-22T04:00:00.000Z
  Served until   2026-12-12T03:00:00.000Z
  New serial     04A1
  Target         shop-alb:443

What to do: Take the other certificate off the listener (aws elbv2 remove-listener-certificates --listener-arn ${listener} --certificates CertificateArn=${foreign}), or take the name out of this one. certkeep then binds it by itself.

…`,
  );
});

test('a listener that is changed back each time is left alone until a time that is told', () => {
  const message =
    'shop-alb:443 was changed for this certificate 8 times within a day, and is changed back each time';
  const retryAt = addMs(now, dayMs);
  expect(failed(new CertkeepError('ListenerContested', message, { retryAt }))).toBe(
    `shop could not be deployed to shop-alb:443: ListenerContested.

  Stage          rebind
  Error          ListenerContested
  What happened  shop-alb:443 was changed for this certificate 8 times within a day, and is changed back each time
  Attempts       1
  Next attempt   2026-11-22T04:00:00.000Z
  Served until   2026-12-12T03:00:00.000Z
  New serial     04A1
  Target         shop-alb:443

What to do: Find out who else sets the certificate of this listener, and stop that, or take the target out of the configuration. certkeep leaves the listener alone until the next attempt.

…`,
  );
});
