import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { postponed, withoutProof, withProof } from '#shared/acquire/advice/fallbacks.ts';
import { withAdvice, withoutAdvice } from '#shared/acquire/advice/renewal-info.ts';
import { withoutRevocation, withRevocation } from '#shared/acquire/advice/revocation.ts';
import { abandoned, stored } from '#shared/acquire/attempt.ts';
import { withWish } from '#shared/check/operator-request.ts';
import { arnGone, newImportBegun } from '#shared/deploy/acm-import.ts';
import * as deployment from '#shared/deploy/deployment.ts';
import { lookedAt } from '#shared/deploy/retire/retired-arn.ts';
import { CertkeepError } from '#shared/errors.ts';
import { nextFailure } from '#shared/ledger/backoff.ts';
import { withEvent, withUntold } from '#shared/ledger/outbox/outbox.ts';
import { withSent } from '#shared/ledger/outbox/sent-events.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { withReplica } from '#shared/ledger/replica.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { inDays, now, versionOf } from '#test/support/healthy.ts';
import { place, recordOfEveryField, target } from '#test/support/record-of-every-field.ts';

type Row = readonly [
  what: string,
  change: (record: CertificateRecord) => CertificateRecord,
  /** What is taken away, or is another fact than before, and takes with it what was said of the former. */
  gone?: readonly string[],
];

const clock = virtualClock();
const version = versionOf();
const standIn = { name: 'other', directory: 'https://other.example/directory' };
const error = new CertkeepError('IssuerUnreachable', 'no answer');
const event = recordOfEveryField().outbox[0] ?? expect.unreachable();
const ofTarget = (record: CertificateRecord) => record.deployments[target] as Deployment;
const earlier = recordOfEveryField().imports[place]?.retired[0]?.arn ?? expect.unreachable();
const wish = { reason: 'mended', overrides: false, runId: 'r1' };
const seen = { region: 'eu-west-1', versionId: 'v1', reason: null };
const deploy = { place, version };
const endpoint = { host: 'web.example', port: 443 };
const view = { name: 'web', kind: 'alb', endpoint, default: null, list: [] } as const;
const unanswered = { baselineSerial: null, isAdded: false, servedUntil: null };
const partOfTarget = (part: string) => `/deployments/${target}${part}`;

const rows: readonly Row[] = [
  ['an event is added', (record) => withEvent(record, { ...event, id: 'another' })],
  [
    'events come back',
    (record) => {
      const back = { ...event, id: 'another' };
      const sentEvents = [...(record.sentEvents ?? []), ...withSent([], [back], now)];
      return withUntold({ ...record, sentEvents }, [back]);
    },
  ],
  [
    'something happened',
    (record) =>
      withHistory(record, { at: now.toISOString(), stage: 'issue', what: 'x', why: null }),
  ],
  ['a person forces', (record) => withWish(record, { kind: 'force', ...wish }, now), ['/forced']],
  ['a person retries', (record) => withWish(record, { kind: 'retry', ...wish }, now)],
  [
    'another version is stored',
    (record) => stored(record, { ...version, id: 'v2' }, ['v1']),
    ['/attempt', '/acquireFailure', '/forced'],
  ],
  ['an attempt is given up', abandoned, ['/attempt', '/acquireFailure']],
  [
    'the CA advises',
    (record) => withAdvice(record, version, null, { now, random: 0 }),
    ['/renewalInfo/window', '/renewalInfo/failure'],
  ],
  [
    'the CA cannot be asked',
    (record) => withoutAdvice(record, version, error, now),
    ['/renewalInfo/failure'],
  ],
  [
    'the list says nothing',
    (record) =>
      withRevocation(
        record,
        version,
        { revokedAt: null, reason: null, nextUpdate: inDays(1) },
        now,
      ),
    ['/revocation/failure'],
  ],
  [
    'there is no list',
    (record) => withoutRevocation(record, version, error, now),
    ['/revocation/failure'],
  ],
  [
    'a fallback works',
    (record) => withProof(record, standIn, version, now),
    ['/fallbacks/other/failure'],
  ],
  [
    'a fallback fails',
    (record) => withoutProof(record, standIn, error, now),
    ['/fallbacks/other/failure'],
  ],
  ['a fallback waits', (record) => postponed(record, standIn, now)],
  ['a region is behind', (record) => withReplica(record, { ...seen, inSync: false }, clock)],
  [
    'a target is to be bound again',
    (record) => {
      const { previous } = ofTarget(record);
      const intent = { arn: 'arn:1', previous, ...unanswered };
      return deployment.intended(record, deploy, { key: target, intent, view, at: now });
    },
    ['/probe', '/probe/served', '/endpoint', '/pushed'].map(partOfTarget),
  ],
  [
    'a target is bound',
    (record) => deployment.confirmed(record, deploy, { key: target, arn: 'arn:1', at: now }),
    ['/probe', '/probe/served', '/drift', '/pushed'].map(partOfTarget),
  ],
  [
    'a change of a target fails',
    (record) => {
      const failure = nextFailure(ofTarget(record).failure, error, now, { endOfLife: null });
      const tried = deployment.tried(record, deploy, { key: target, at: now });
      return deployment.failed(tried, target, failure);
    },
  ],
  [
    'an import is under way',
    (record) => newImportBegun(record, place, { versionId: 'v2', at: now }),
  ],
  ['another ARN is gone', (record) => arnGone(record, place, 'arn:another')],
  [
    'an earlier ARN is looked at',
    (record) => {
      const sight = { isNeeded: true, usedBy: ['alb'], notAfter: null };
      return lookedAt(record, place, { arn: earlier, sight, at: now });
    },
  ],
  [
    'an earlier ARN is not used any more',
    (record) => {
      const sight = { isNeeded: false, usedBy: [], notAfter: null };
      return lookedAt(record, place, { arn: earlier, sight, at: now });
    },
    [`/imports/${place}/retired/${earlier}/use`],
  ],
];

test.each(rows.map(([what, change, gone = []]) => [what, change, gone] as const))(
  'what a newer release wrote stays when %s',
  (_, change, gone) => {
    const before = ofNewerRelease(recordOfEveryField());
    const after = foreignIn(change(before));
    const lost = [...foreignIn(before).keys()].filter((path) => !after.has(path));
    const isGone = (path: string) =>
      gone.some((each) => path === each || path.startsWith(`${each}/`));
    expect(lost.filter((path) => !isGone(path))).toEqual([]);
  },
);
