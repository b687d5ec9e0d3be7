import { describe, expect, test } from 'vitest';
import { configurationOf } from '#shared/acquire/configuration.ts';
import { leftoverPiecesOf, needsOf } from '#shared/check/dispatch/pieces-of.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
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

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
const target = { type: 'alb', listener, certificate: 'default' } as const;
const certificate = wanted({ targets: [target] });
const config = configWith({ certificates: [certificate] });
const [{ key } = { key: '' }] = identitiesOf(certificate, config.home);
const place = '123456789012/us-east-1';
const proven: Deployment = {
  state: 'proven',
  place,
  versionId: 'v1',
  arn: 'arn',
  previous: null,
  baselineSerial: '09',
  changedAt: inDays(-9).toISOString(),
  provenAt: inDays(-9).toISOString(),
  probe: null,
  nextProbeAt: inDays(1).toISOString(),
  failure: null,
};

function needs(change: Partial<CertificateRecord>, deployment: Partial<Deployment> = {}) {
  const deployments = { [key]: { ...proven, ...deployment } };
  const found = needsOf(config, certificate, healthy({ deployments, ...change }), now);
  const urgencies = [found.issue, ...found.others].flatMap((piece) =>
    piece ? [[piece.work.kind, piece.urgency]] : [],
  );
  return { ...found, urgencies: Object.fromEntries(urgencies) };
}

const forced = { at: now.toISOString(), reason: 'leaked' };
const revocation = {
  versionId: 'v1',
  revokedAt: now.toISOString(),
  reason: 'keyCompromise',
  nextCheckAt: inDays(1).toISOString(),
  failures: 0,
  failure: null,
};
const ending = (days: number) => [
  versionOf({ notBefore: inDays(days - 90).toISOString(), notAfter: inDays(days).toISOString() }),
];
const newer = versionOf({ id: 'v2', issuedAt: now.toISOString() });
const previous = { arn: 'arn', versionId: 'v1', notAfter: inDays(80).toISOString() };

describe('how urgent work is', () => {
  test.each<[string, Partial<CertificateRecord>, Partial<Deployment>, Record<string, string>]>([
    ['nothing to do', {}, {}, {}],
    [
      'a first certificate is wanted',
      { desired: null, versions: [], deployments: {} },
      {},
      { issue: 'wanted' },
    ],
    ['a renewal is routine', { versions: ending(25) }, {}, { issue: 'routine' }],
    ['one that ends soon', { versions: ending(5) }, {}, { issue: 'soon' }],
    ['one that has ended is urgent', { versions: ending(-1) }, {}, { issue: 'urgent' }],
    ['one that is revoked is urgent', { revocation }, {}, { issue: 'urgent' }],
    ['one that a person forced is urgent', { forced }, {}, { issue: 'urgent' }],
    [
      'an attempt that goes on for a revoked one is urgent',
      { revocation, attempt: attemptOf() },
      {},
      { issue: 'urgent' },
    ],
    ['a first deployment is wanted', { deployments: {} }, {}, { deploy: 'wanted' }],
    [
      'the deployment of a renewal is routine',
      { desired: 'v2', versions: [versionOf(), newer] },
      {},
      { deploy: 'routine' },
    ],
    [
      'that of a forced renewal is urgent until it is proven',
      { desired: 'v2', versions: [versionOf(), { ...newer, isUrgent: true }] },
      {},
      { deploy: 'urgent' },
    ],
    [
      'it is urgent where what is served has ended',
      { desired: 'v2', versions: [...ending(-1), newer] },
      {},
      { deploy: 'urgent' },
    ],
    [
      'and where what is served is revoked',
      { desired: 'v2', versions: [versionOf(), newer], revocation },
      { versionId: 'v2', state: 'failed', provenAt: null, previous, failure: failureUntil(now) },
      { deploy: 'urgent' },
    ],
    [
      'what is to be put back is urgent',
      {},
      { state: 'contradicted', provenAt: null, previous, nextProbeAt: null },
      { deploy: 'urgent' },
    ],
    [
      'what somebody else has changed is routine',
      {},
      { state: 'contradicted', nextProbeAt: null },
      { deploy: 'routine' },
    ],
    [
      'a proof that is waited for is wanted',
      {},
      { state: 'awaiting-proof', provenAt: null, nextProbeAt: now.toISOString() },
      { verify: 'wanted' },
    ],
    [
      'a proof that is only renewed is routine',
      {},
      { nextProbeAt: now.toISOString() },
      { verify: 'routine' },
    ],
  ])('%s', (_, change, deployment, urgencies) => {
    expect(needs(change, deployment).urgencies).toEqual(urgencies);
  });
});

describe('what a record tells of the work', () => {
  test('a run that holds the lease, and when the last one ended', () => {
    const until = addMs(now, minuteMs).toISOString();
    const held = needs({
      versions: ending(5),
      leases: { acquire: { fence: 'f', holder: 'h', until } },
    });
    expect(held.issue).toMatchObject({ isHeld: true, lookedAt: null });
    const at = addMs(now, -minuteMs);
    const released = { fence: 'released', holder: 'h', until: at.toISOString() };
    const ended = needs({ versions: ending(5), leases: { acquire: released } });
    expect(ended.issue).toMatchObject({ isHeld: false, lookedAt: at });
  });

  test('issue has handed a deploy over, and deploy a proof', () => {
    const deploys = needs({ desired: 'v2', versions: [versionOf(), newer] }).others;
    expect(deploys).toMatchObject([{ work: { kind: 'deploy', place }, handedOverAt: now }]);
    const changedAt = addMs(now, -minuteMs).toISOString();
    const waits = { state: 'awaiting-proof', nextProbeAt: now.toISOString(), changedAt } as const;
    const proofs = needs({}, waits).others;
    expect(proofs).toMatchObject([{ work: { kind: 'verify' }, handedOverAt: new Date(changedAt) }]);
  });

  test('verify has looked, although the target that is due was not due by then', () => {
    const other = { ...target, listener: listener.replace('/shop/', '/slow/') };
    const two = wanted({ targets: [target, other] });
    const [, slow] = identitiesOf(two, config.home);
    const at = addMs(now, -minuteMs);
    const probe = {
      host: 'web',
      port: 443,
      outcome: 'spreading',
      serial: null,
      detail: '',
    } as const;
    const deployments = {
      [key]: { ...proven, probe: { ...probe, outcome: 'proven', at: at.toISOString() } },
      [slow?.key ?? '']: {
        ...proven,
        state: 'awaiting-proof',
        provenAt: null,
        probe: { ...probe, at: addMs(at, -minuteMs).toISOString() },
        nextProbeAt: now.toISOString(),
      },
    } as const;
    const { others } = needsOf(
      configWith({ certificates: [two] }),
      two,
      healthy({ deployments }),
      now,
    );
    expect(others).toMatchObject([{ work: { kind: 'verify' }, lookedAt: at }]);
  });

  test('what is served, and when that ends', () => {
    const deployment = { versionId: 'v2', state: 'failed', provenAt: null, previous } as const;
    const versions = [versionOf(), newer];
    const { others } = needs(
      { desired: 'v2', versions },
      { ...deployment, failure: failureUntil(now) },
    );
    expect(others[0]?.endsAt).toBe(inDays(80).toISOString());
  });
});

test('for a certificate that left the configuration, only its remains get work', () => {
  const txt = [{ attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' }];
  expect(leftoverPiecesOf(config, healthy(), now)).toEqual([]);
  expect(leftoverPiecesOf(config, healthy({ versions: ending(-1) }), addMs(now, dayMs))).toEqual(
    [],
  );
  expect(leftoverPiecesOf(config, healthy({ txt }), now)).toMatchObject([
    { work: { kind: 'issue' } },
  ]);
});

describe('while an attempt waits after a failure', () => {
  const configuration = configurationOf(config, certificate);
  const waiting = {
    desired: null,
    versions: [],
    attempt: attemptOf({ configuration, names: [...certificate.names] }),
    acquireFailure: failureUntil(addMs(now, dayMs)),
  };
  const value = { attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' };

  test('its values stay, since the CA may be looking at them', () => {
    expect(needs({ ...waiting, txt: [value] })).toMatchObject({ action: 'wait', issue: null });
  });

  test.each([
    ['that are over', { ...value, over: true as const }],
    ['of an attempt before it', { ...value, attemptId: 'a0' }],
  ])('values %s are removed', (_, left) => {
    expect(needs({ ...waiting, txt: [left] })).toMatchObject({
      action: 'wait',
      issue: { urgency: 'routine' },
    });
  });
});
