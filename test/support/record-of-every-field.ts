import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { attemptOf, failureUntil, healthy, inDays, now, versionOf } from './healthy.ts';

const at = now.toISOString();
const later = inDays(1).toISOString();
const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
export const place = '123456789012/us-east-1';
export const target = 'alb:default:arn:aws:elasticloadbalancing:listener/1';

/** Holds every object that a record may have, with everything that may be absent. */
export function recordOfEveryField(): CertificateRecord {
  const failure = failureUntil(inDays(1), { passing: 1, page: 'https://ca.example/portal' });
  const version = versionOf({
    origin: {
      directory: 'https://ca.example/directory',
      account: 'a',
      profile: null,
      staging: false,
    },
    renewalId: 'a.b',
    isUrgent: true,
    crlUrl: 'http://ca.example/crl',
    revokedAt: at,
    unusable: 'its key is not in the key store',
  });
  return healthy({
    versions: [version],
    attempt: attemptOf({
      standing: 'new',
      withoutReplaces: true,
      checked: 1,
      settled: ['https://ca.example/authz/0'],
      profile: null,
      tried: ['other'],
      faults: 1,
      waitingSince: at,
      waitingFor: 'OrderStuck',
    }),
    acquireFailure: failure,
    dueWhenIssued: { versionId: 'v1', failure },
    wishTold: 30,
    forced: { at, reason: 'the key leaked', override: true },
    overriddenAt: at,
    paused: { at, until: at, reason: 'the winter sale' },
    chosen: { at, versionId: 'v1', until: at, reason: 'clients refuse the new one' },
    revoking: { at, versionId: 'v0', code: 'keyCompromise', reason: 'the key leaked' },
    revokeTried: { wish: at, doneAt: at, failure },
    rehearsing: { at, reason: 'before the freeze' },
    rehearsed: {
      ...{ wish: at, directory: 'https://staging.ca.example/directory', tries: 1, triedAt: at },
      ...{ doneAt: at, names: 2, validated: 1 },
      failure: { error: 'CaaForbids', message: 'CAA at example.com: …' },
    },
    barred: [{ versionId: 'v0', at, reason: 'clients refuse it' }],
    leases: { acquire: { fence: 'f', holder: 'h', until: at } },
    imports: {
      [place]: {
        arn,
        versionId: 'v1',
        importing: null,
        previousVersionId: null,
        retired: [
          {
            arn: `${arn}0`,
            lookAgainAt: at,
            unusedSince: at,
            use: { since: at, by: [target], notAfter: later },
          },
        ],
        incident: { at, error: 'CertificateOverwritten', arn },
        importedAt: at,
        publishedArn: null,
        publishFailure: failure,
        leaving: { lookAgainAt: at, failure },
      },
    },
    deployments: {
      [target]: {
        state: 'awaiting-proof',
        place,
        versionId: 'v1',
        arn,
        previous: { arn, versionId: null, notAfter: later, listed: [arn] },
        baselineSerial: null,
        baselineSha256: 'f0',
        changedAt: at,
        changes: [{ at, why: 'to-bind' }],
        provenAt: null,
        probe: {
          at,
          host: 'web.example',
          port: 443,
          outcome: 'spreading',
          serial: null,
          fingerprintSha256: 'f0',
          detail: 'not yet',
          served: { servername: 'example.com', address: '192.0.2.1', notAfter: later },
          contradictedSince: at,
        },
        servedUntil: later,
        endpoint: {
          name: 'web:443',
          host: 'web.example',
          port: 443,
          lookedAt: at,
          names: ['web.example.com'],
          isInternal: true,
          settledAt: at,
          spreadingSince: at,
        },
        drift: { seenAt: at, holds: 'default none' },
        pushed: { comment: 'certkeep 0a', at, commandId: 'c1', lookAt: at },
        nextProbeAt: at,
        failure,
      },
    },
    txt: [
      {
        ...{ attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v', over: true },
        authorization: 'https://ca.example/authz/1',
        keyAuthorization: 'token.thumbprint',
        out: { at, handle: 'c1', seen: 'missing' },
      },
    ],
    replicas: {
      'eu-west-1': {
        versionId: 'v1',
        syncedAt: at,
        secretInSync: true,
        reason: null,
        etags: ['e'],
      },
    },
    renewalInfo: {
      versionId: 'v1',
      window: { start: at, end: later, selected: at, learnedAt: at },
      explanationUrl: null,
      askedAt: at,
      nextCheckAt: at,
      failures: 1,
      failure: { at, message: 'no answer' },
    },
    revocation: {
      versionId: 'v1',
      revokedAt: null,
      reason: null,
      askedAt: at,
      nextCheckAt: at,
      failures: 1,
      failure: { at, message: 'no answer' },
    },
    fallbacks: {
      other: {
        directory: 'https://other.example/directory',
        provenAt: null,
        nextCheckAt: at,
        failures: 1,
        failure: { at, error: 'IssuerUnreachable', message: 'no answer' },
      },
    },
    expiryTold: { versionId: 'v1', days: 7 },
    retried: { at, run: 'r1' },
    usesTold: { [`${arn}0`]: { since: at, threshold: 7 } },
    sentEvents: [{ id: 'shop-issued-v1', digest: 'd'.repeat(22), at, by: 'issue' }],
    outbox: [
      {
        id: 'shop-served-v1',
        type: 'served',
        at,
        certificate: 'shop',
        severity: 'info',
        summary: 'shop is served',
        details: { serial: '0A' },
      },
    ],
    history: [{ at, stage: 'store', what: 'issued', why: null }],
  });
}
