import { expect, test } from 'vitest';
import { certificateConditions } from '#shared/check/conditions/certificate-conditions.ts';
import type { SecretSeen } from '#shared/check/observations/observations.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { byDanger, type Condition, clientsText } from '#shared/status/condition.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { listenerArn } from '#test/support/fleet.ts';
import {
  attemptOf,
  configWith,
  failureUntil,
  healthy,
  inDays,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const listener = listenerArn('web');
const key = `alb:default:${listener}`;
const target = { type: 'alb', listener, certificate: 'default' } as const;
const place = '123456789012/us-east-1';

const proven: Deployment = {
  state: 'proven',
  place,
  versionId: 'v1',
  arn: 'arn:1',
  previous: null,
  baselineSerial: null,
  changedAt: inDays(-9).toISOString(),
  provenAt: inDays(-1).toISOString(),
  probe: null,
  servedUntil: inDays(80).toISOString(),
  endpoint: { name: 'web:443', host: 'web.example', port: 443, lookedAt: now.toISOString() },
  nextProbeAt: addMs(now, hourMs).toISOString(),
  failure: null,
};

/** A record whose target is in that state. */
function at(change: Partial<Deployment>, record: Partial<CertificateRecord> = {}) {
  return healthy({ deployments: { [key]: { ...proven, ...change } }, ...record });
}

type Situation = {
  readonly record: CertificateRecord;
  readonly certificate?: Partial<CertificateConfig>;
  readonly replicas?: readonly string[];
  readonly before?: readonly Condition[];
  readonly secret?: SecretSeen | null;
};

const there = { versionId: 'v1', at: now.toISOString(), state: 'there' } as const;

function openOf({ before = [], certificate, record, replicas = [], secret = there }: Situation) {
  const config = configWith({ replicas });
  const kept = wanted({ targets: [target], ...certificate });
  const all = certificateConditions({ config, certificate: kept, record, secret, now }, before);
  return all.filter(({ status }) => status !== 'true').toSorted(byDanger);
}

/** `Renewable false OrderInvalid, warning`, the worst first. */
function told(situation: Situation): readonly string[] {
  return openOf(situation).map(
    ({ danger, reason, status, type }) => `${type} ${status} ${reason}, ${danger.severity}`,
  );
}

const failed = failureUntil(inDays(1), { error: 'ListenerRefused', count: 3 });
const turn = failureUntil(inDays(0.01), { error: 'DomainTurnTaken', count: 0 });
const soon = addMs(now, 2 * dayMs).toISOString();
const ended = addMs(now, -hourMs).toISOString();
const previous = { arn: 'arn:0', versionId: 'v0', notAfter: soon };
const drift = { seenAt: now.toISOString(), holds: 'default arn:9' };
const changes = [
  { at: inDays(-0.2).toISOString(), why: 'to-put-right' as const },
  { at: inDays(-0.1).toISOString(), why: 'to-put-right' as const },
];
const probe = {
  at: now.toISOString(),
  host: 'web.example',
  port: 443,
  serial: '99',
  detail: 'serial 99',
};
const contradicted = {
  state: 'contradicted',
  probe: { ...probe, outcome: 'contradicted' },
} as const;
const expired = versionOf({ notAfter: ended });
const issuedTwoDaysAgo = { versions: [versionOf({ issuedAt: inDays(-2).toISOString() })] };
const inOrder = {
  rollout: {
    ...{ first: ['123456789012/eu-west-1'], proveForMs: 2 * dayMs },
    others: 'together' as const,
  },
};
const use = {
  since: inDays(-1).toISOString(),
  by: ['arn:aws:elasticloadbalancing:x'],
  notAfter: soon,
};
const earlier = { arn: 'arn:0', lookAgainAt: now.toISOString(), use };
const imported = {
  ...{ arn: 'arn:1', versionId: 'v1', importing: null, previousVersionId: null },
  ...{ importedAt: ended, publishedArn: null, publishFailure: null, leaving: null },
  retired: [],
};
const replica = {
  versionId: 'v1',
  syncedAt: inDays(-2).toISOString(),
  secretInSync: false,
  reason: 'no key',
};
const value = {
  ...{
    attemptId: 'a0',
    solver: 'dns',
    zoneId: 'Z',
    name: '_acme-challenge.example.com',
    value: 'x',
  },
  out: { at: inDays(-3).toISOString(), handle: null },
};

const situations: Record<string, [Situation, readonly string[]]> = {
  'a certificate that is served everywhere is well': [{ record: at({}) }, []],
  'a new certificate is being issued': [
    { record: healthy({ desired: null, versions: [] }) },
    ['Issued unknown BeingIssued, none'],
  ],
  'a first order that fails once is tried again without a word': [
    {
      record: healthy({
        ...{ desired: null, versions: [] },
        acquireFailure: failureUntil(inDays(0.1), { error: 'IssuerUnreachable' }),
      }),
    },
    ['Issued unknown BeingIssued, none', 'Renewable unknown IssuerUnreachable, none'],
  ],
  'a renewal that cannot pass by itself needs a person, long before the end': [
    { record: at({}, { acquireFailure: failureUntil(inDays(1), { error: 'CaaForbids' }) }) },
    ['Renewable false CaaForbids, warning'],
  ],
  'passing trouble of a renewal needs nobody': [
    { record: at({}, { acquireFailure: failureUntil(inDays(1), { error: 'IssuerUnreachable' }) }) },
    ['Renewable unknown IssuerUnreachable, none'],
  ],
  'trouble that has not passed in three tries needs a person': [
    {
      record: at(
        {},
        { acquireFailure: failureUntil(inDays(1), { error: 'IssuerUnreachable', count: 3 }) },
      ),
    },
    ['Renewable false IssuerUnreachable, warning'],
  ],
  'the same trouble is critical when clients are hurt within three days': [
    {
      record: at(
        { servedUntil: soon },
        { acquireFailure: failureUntil(inDays(1), { error: 'IssuerUnreachable', count: 3 }) },
      ),
    },
    ['Renewable false IssuerUnreachable, critical'],
  ],
  'a limit of the CA that lasts until the end needs a person': [
    {
      record: at(
        { servedUntil: inDays(20).toISOString() },
        { acquireFailure: failureUntil(inDays(21), { error: 'IssuerRateLimited', count: 0 }) },
      ),
    },
    ['Renewable false IssuerRateLimited, warning'],
  ],
  'a renewal that is due and does not begin is waited for': [
    {
      record: at(
        {},
        {
          versions: [
            versionOf({ notBefore: inDays(-70).toISOString(), notAfter: inDays(20).toISOString() }),
          ],
        },
      ),
    },
    ['Renewable unknown BeingRenewed, none'],
  ],
  'an expired certificate is critical': [
    { record: at({ servedUntil: ended }, { versions: [expired] }) },
    ['Issued false Expired, critical', 'Renewable unknown BeingRenewed, critical'],
  ],
  'a revoked certificate is critical': [
    { record: at({}, { versions: [versionOf({ revokedAt: ended })] }) },
    ['Issued false Revoked, critical'],
  ],
  'one that was renewed at once after its CA revoked it needs a person for a day': [
    {
      record: at(
        { versionId: 'v2' },
        {
          desired: 'v2',
          versions: [
            versionOf({ revokedAt: ended }),
            versionOf({ id: 'v2', issuedAt: inDays(-0.5).toISOString() }),
          ],
        },
      ),
      secret: { ...there, versionId: 'v2' },
    },
    ['Issued false Revoked, warning'],
  ],
  'and nobody after it': [
    {
      record: at(
        { versionId: 'v2' },
        {
          desired: 'v2',
          versions: [
            versionOf({ revokedAt: ended }),
            versionOf({ id: 'v2', issuedAt: inDays(-2).toISOString() }),
          ],
        },
      ),
      secret: { ...there, versionId: 'v2' },
    },
    [],
  ],
  'a renewed certificate that waits for its deploy needs nobody': [
    {
      record: at(
        { versionId: 'v0' },
        { versions: [versionOf({ notBefore: inDays(-0.01).toISOString() })] },
      ),
    },
    ['Deployed unknown DeployPending, none', 'Served unknown AwaitingDeploy, none'],
  ],
  'a renewed certificate that has waited for a day needs a person': [
    { record: at({ versionId: 'v0', servedUntil: inDays(20).toISOString() }) },
    ['Deployed false DeployOverdue, warning', 'Served unknown AwaitingDeploy, none'],
  ],
  'a place whose turn has just come is given its own day': [
    { record: at({ versionId: 'v0' }, issuedTwoDaysAgo), certificate: inOrder },
    ['Deployed unknown DeployPending, none', 'Served unknown AwaitingDeploy, none'],
  ],
  'and as long for its proof': [
    {
      record: at({ state: 'awaiting-proof', provenAt: null }, issuedTwoDaysAgo),
      certificate: inOrder,
    },
    ['Served unknown AwaitingProof, none'],
  ],
  'the same is critical when the served one ends': [
    { record: at({ versionId: 'v0', servedUntil: soon }) },
    ['Deployed false DeployOverdue, critical', 'Served unknown AwaitingDeploy, none'],
  ],
  'a deploy that was refused three times needs a person': [
    {
      record: at({ state: 'failed', previous, servedUntil: null, provenAt: null, failure: failed }),
    },
    ['Deployed false ListenerRefused, critical', 'Served unknown AwaitingDeploy, none'],
  ],
  'of a deploy that fails until the certificate before it ends, the failure is told': [
    {
      record: at({
        ...{ state: 'failed', previous, servedUntil: ended, provenAt: null, failure: failed },
      }),
    },
    ['Deployed false ListenerRefused, critical', 'Served unknown AwaitingDeploy, none'],
  ],
  'a deploy that was put back is told at once': [
    {
      record: at({
        ...{ state: 'rolled-back', previous, servedUntil: null, provenAt: null },
        failure: failureUntil(inDays(1), { error: 'EndpointContradicted' }),
      }),
    },
    ['Deployed false EndpointContradicted, critical', 'Served unknown AwaitingDeploy, none'],
  ],
  'an endpoint that was not asked for a day needs a person': [
    { record: at({ state: 'awaiting-proof', provenAt: null }) },
    ['Served false ProofOverdue, warning'],
  ],
  'a proof that is over for a day needs a person': [
    { record: at({ nextProbeAt: inDays(-1.1).toISOString() }) },
    ['Served unknown ProofOverdue, warning'],
  ],
  'an endpoint with another certificate is critical': [
    { record: at(contradicted) },
    ['Served false EndpointContradicted, critical'],
  ],
  'an endpoint that cannot be asked needs a person': [
    {
      record: at({
        state: 'unknown',
        failure: failureUntil(inDays(1), { error: 'EndpointUnknown', message: 'no route' }),
      }),
    },
    ['Served unknown EndpointUnknown, warning'],
  ],
  'a listener that somebody has changed is told while it is put right, and for a day': [
    { record: at({ drift }) },
    ['Deployed unknown ListenerChanged, warning'],
  ],
  'a listener that was put right, and then refuses a deploy, is told as that': [
    {
      record: at({
        ...{ state: 'failed', changes: changes.slice(1) },
        failure: failureUntil(inDays(1), { error: 'ListenerFull' }),
      }),
    },
    ['Deployed false ListenerFull, warning', 'Served unknown AwaitingDeploy, none'],
  ],
  'what waits for its turn after it was served is not overdue from the day of its issue': [
    { record: at({ state: 'failed', drift, failure: turn }) },
    ['Deployed unknown ListenerChanged, warning', 'Served unknown AwaitingDeploy, none'],
  ],
  'a target that has waited for its turn for minutes needs nobody, however old the certificate is':
    [
      {
        record: at({
          ...{ state: 'failed', provenAt: null, changedAt: inDays(-0.01).toISOString() },
          failure: turn,
        }),
      },
      ['Deployed unknown DeployPending, none', 'Served unknown AwaitingDeploy, none'],
    ],
  'one that has waited for its turn for a day needs a person': [
    {
      record: at({
        ...{ state: 'failed', provenAt: null, changedAt: inDays(-1.1).toISOString() },
        failure: turn,
      }),
    },
    ['Deployed false DeployOverdue, warning', 'Served unknown AwaitingDeploy, none'],
  ],
  'a listener that was put right once within a day is told': [
    { record: at({ changes: changes.slice(1) }) },
    ['Deployed unknown ListenerChanged, warning'],
  ],
  'a listener that was put right is told until somebody asks to retry': [
    { record: at({ changes }, { retried: { at: inDays(-0.05).toISOString(), run: 'a' } }) },
    [],
  ],
  'a listener that is changed again after somebody has asked to retry is told': [
    { record: at({ changes }, { retried: { at: inDays(-0.15).toISOString(), run: 'a' } }) },
    ['Deployed unknown ListenerChanged, warning'],
  ],
  'a certificate that somebody imported over is critical for a week': [
    {
      record: at(
        {},
        {
          imports: {
            [place]: {
              ...imported,
              incident: { at: ended, error: 'CertificateOverwritten', arn: 'arn:1' },
            },
          },
        },
      ),
    },
    ['Deployed unknown CertificateOverwritten, critical'],
  ],
  'a certificate under our name that is not ours is critical long before the end': [
    {
      record: at({
        ...{ state: 'failed', servedUntil: inDays(80).toISOString() },
        failure: failureUntil(inDays(1), { error: 'ArnNotOurs' }),
      }),
    },
    ['Deployed false ArnNotOurs, critical', 'Served unknown AwaitingDeploy, none'],
  ],
  'a CA that wants a person to open a page is told at once': [
    {
      record: at(
        {},
        {
          acquireFailure: failureUntil(inDays(1), {
            error: 'IssuerRefused',
            page: 'https://ca.example/portal',
          }),
        },
      ),
    },
    ['Renewable false IssuerRefused, warning'],
  ],
  'a listener that somebody changes again and again is critical': [
    { record: at({ changes }) },
    ['Deployed false ListenerChanged, critical'],
  ],
  'an earlier ARN that is used until its end is critical': [
    { record: at({}, { imports: { [place]: { ...imported, retired: [earlier] } } }) },
    ['Deployed false EarlierArnUsed, critical'],
  ],
  'an ARN that is not published needs a person': [
    { record: at({}, { imports: { [place]: { ...imported, publishFailure: failed } } }) },
    ['Deployed false ListenerRefused, warning'],
  ],
  'a region that is behind for a day needs a person': [
    { record: at({}, { replicas: { 'eu-west-1': replica } }), replicas: ['eu-west-1'] },
    ['Copied false RegionBehind, warning'],
  ],
  'a secret that is gone is critical, since the key is lost': [
    { record: at({}), secret: { ...there, state: 'missing' } },
    ['Stored false SecretMissing, critical'],
  ],
  'a secret that is marked for deletion is critical': [
    { record: at({}), secret: { ...there, state: 'marked-for-deletion' } },
    ['Stored false SecretMarkedForDeletion, critical'],
  ],
  'a secret that gives readers another version may be about to change': [
    { record: at({}), secret: { ...there, state: 'another-version' } },
    ['Stored unknown SecretDiffers, none'],
  ],
  'a secret that was not looked at yet is not called well': [
    { record: at({}), secret: null },
    ['Stored unknown NotLookedAtYet, none'],
  ],
  'a wish that cannot be followed needs a person': [
    { record: at({}), certificate: { renewBeforeDays: 89 } },
    ['Configured false RenewBeforeTooLong, warning'],
  ],
  'a fallback that would not work needs a person': [
    {
      record: at(
        {},
        {
          fallbacks: {
            other: {
              ...{ provenAt: null, nextCheckAt: now.toISOString(), failures: 1 },
              failure: { at: ended, error: 'ExternalAccountUnreadable', message: 'no secret' },
            },
          },
        },
      ),
      certificate: { issuers: ['local', 'other'] },
    },
    ['Renewable false ExternalAccountUnreadable, warning'],
  ],
  'a value of an earlier order is removed without a word': [
    { record: at({}, { txt: [value], attempt: attemptOf() }) },
    ['Unchallenged unknown BeingRemoved, none'],
  ],
};

test.each(Object.entries(situations))('%s', (_, [situation, wantedOnes]) => {
  expect(told(situation)).toEqual(wantedOnes);
});

/** What has one scope is one message, however many certificates have it. */
test.each([
  'ExternalAccountUnreadable',
  'ExternalAccountRefused',
  'IssuerUnreachable',
  'IssuerRefused',
  'ProfileUnavailable',
])('%s is a matter of the CA, whether it is asked for a renewal or stands in', (error) => {
  const failure = { at: ended, error, message: 'no secret' };
  const standing = { provenAt: null, nextCheckAt: now.toISOString(), failures: 3, failure };
  const certificate = { issuers: ['local', 'other'] };
  const stoodIn = openOf({ record: at({}, { fallbacks: { other: standing } }), certificate });
  expect(stoodIn.map(({ scope }) => scope)).toEqual(['issuer other']);
  const acquireFailure = failureUntil(inDays(1), { error, count: 3 });
  const renewed = openOf({ record: at({}, { acquireFailure }) });
  expect(renewed.map(({ scope }) => scope)).toEqual(['issuer local']);
});

test('a renewal that is due and has not begun within an hour needs a person', () => {
  const version = versionOf({
    notBefore: inDays(-70).toISOString(),
    notAfter: inDays(20).toISOString(),
  });
  const record = at({}, { versions: [version] });
  const [first] = openOf({ record });
  const before = [{ ...(first as Condition), since: addMs(now, -hourMs).toISOString() }];
  expect(told({ record, before })).toEqual(['Renewable false RenewalOverdue, warning']);
});

test('a value that is left in DNS for a day needs a person', () => {
  const record = at({}, { txt: [value], attempt: attemptOf() });
  const [first] = openOf({ record });
  const before = [{ ...(first as Condition), since: inDays(-1).toISOString() }];
  expect(told({ record, before })).toEqual(['Unchallenged false ChallengeLeft, warning']);
});

test('a condition keeps the time since which it has its status, whatever its reason', () => {
  const failure = failureUntil(inDays(1), { error: 'CaaForbids' });
  const [first] = openOf({ record: at({}, { acquireFailure: failure }) });
  const since = inDays(-4).toISOString();
  const before = [{ ...(first as Condition), reason: 'ZoneNotFound', since }];
  const [later] = openOf({ record: at({}, { acquireFailure: failure }), before });
  expect(later).toMatchObject({ reason: 'CaaForbids', since });
});

test('a time that lies ahead does not keep trouble young', () => {
  const record = at({}, { acquireFailure: failureUntil(inDays(1), { error: 'CaaForbids' }) });
  const [first] = openOf({ record });
  const before = [{ ...(first as Condition), since: inDays(400).toISOString() }];
  expect(openOf({ record, before })[0]?.since).toBe(now.toISOString());
});

test('a condition says what clients get, where and until when', () => {
  const failure = failureUntil(inDays(1), { error: 'CaaForbids' });
  const [renewable] = openOf({ record: at({ servedUntil: soon }, { acquireFailure: failure }) });
  expect(clientsText((renewable as Condition).danger)).toBe(
    'clients at web:443 (us-east-1) get a certificate that is valid until 2026-11-24',
  );
});
