import { describe, expect, test } from 'vitest';
import { progressOf, type Start } from '#cli/act/follow/progress.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { addMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { failureUntil, healthy, now, versionOf } from '#test/support/healthy.ts';

const later = (seconds: number) => addMs(now, seconds * secondMs).toISOString();

function deployed(change: Partial<Deployment> = {}): Deployment {
  return {
    ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v2', arn: 'arn:acm' },
    ...{ previous: null, baselineSerial: null, failure: null, probe: null },
    ...{ changedAt: later(-900), provenAt: later(-800), nextProbeAt: later(900) },
    endpoint: { name: 'web:443', host: 'web.elb', port: 443, lookedAt: later(-900) },
    ...change,
  };
}

const v1 = versionOf();
const v2 = versionOf({ id: 'v2', serial: '0B', issuedAt: later(-1_000), orderUrl: 'https://ca/2' });
const v3 = versionOf({ id: 'v3', serial: '0C', issuedAt: later(20), orderUrl: 'https://ca/3' });
const before = healthy({ desired: 'v2', versions: [v1, v2], deployments: { web: deployed() } });

function told(record: CertificateRecord, awaits: Start['awaits'], of = before) {
  const start = { id: 'shop', record: of, targets: Object.keys(of.deployments).length, awaits };
  const { end, steps, waitsFor } = progressOf(start, record);
  return {
    ...{ end, waitsFor },
    steps: steps.map(({ at, stage, text }) => `${at.slice(14, 19)} ${stage} ${text}`),
  };
}

describe('an earlier version that goes back into service', () => {
  const chosen = { at: later(1), versionId: 'v1', until: null, reason: 'the chain' };
  const wished = { ...before, chosen };
  const history = [
    {
      ...{ at: later(2), stage: 'store', what: 'version v1 is in service again: serial 0A' },
      why: 'the chain',
    },
  ];
  const inService = { ...wished, desired: 'v1', history };
  const goesBack = '00:01 check 0A goes back into service';
  const isBack = '00:02 store 0A, until 2027-02-10, is in service again';

  test('is told at each stage, until its target serves it', () => {
    expect(told(before, 'chosen')).toEqual({
      ...{ end: null, waitsFor: 'check to write it down', steps: [] },
    });
    expect(told(wished, 'chosen')).toEqual({
      ...{ end: null, waitsFor: 'issue to put it into service', steps: [goesBack] },
    });
    expect(told(inService, 'chosen')).toEqual({
      ...{ end: null, waitsFor: '0 of 1 targets to serve it', steps: [goesBack, isBack] },
    });
    const web = deployed({ versionId: 'v1', changedAt: later(5), provenAt: later(8) });
    expect(told({ ...inService, deployments: { web } }, 'chosen')).toMatchObject({
      steps: [
        ...[goesBack, isBack],
        '00:05 rebind web:443 (us-east-1)',
        '00:08 verify web:443 (us-east-1) serves it',
      ],
      end: {
        is: 'done',
        text: 'served at its target; valid until 2027-02-10; it stays until a newer one is issued',
      },
    });
  });

  test('stays until the time that the person named', () => {
    const until = later(3_600);
    const web = deployed({ versionId: 'v1' });
    const record = { ...inService, chosen: { ...chosen, until }, deployments: { web } };
    expect(told(record, 'chosen')).toMatchObject({
      steps: expect.arrayContaining([`${goesBack} until 2026-11-22 04:00 UTC`]),
      end: { text: expect.stringMatching(/; it stays until 2026-11-22 04:00 UTC$/) },
    });
  });

  test.each<[string, CertificateRecord, string]>([
    [
      'the key store has lost it',
      { ...wished, versions: [{ ...v1, unusable: 'the key store does not hold it' }, v2] },
      '0A: the key store does not hold it',
    ],
    [
      'the key store cannot be read',
      {
        ...wished,
        history: [
          {
            ...{ at: later(2), stage: 'store', what: 'version v1 could not be put into service' },
            why: 'denied',
          },
        ],
      },
      '0A: denied; certkeep tries again by itself with every check',
    ],
    [
      'a newer one is issued meanwhile',
      { ...wished, desired: 'v3', versions: [v1, v2, v3] },
      'a newer certificate was issued meanwhile, and is served instead',
    ],
  ])('does not where %s', (_, record, text) => {
    expect(told(record, 'chosen').end).toEqual({ is: 'open', lacks: 'was not put back', text });
  });

  test('is not refused by what was refused before', () => {
    const refused = { stage: 'store', what: 'version v1 could not be put into service', why: 'x' };
    const record = { ...wished, history: [{ ...refused, at: later(-9) }] };
    expect(told(record, 'chosen').end).toBeNull();
  });
});

describe('a version that is to be revoked', () => {
  const revoking: NonNullable<CertificateRecord['revoking']> = {
    ...{ at: later(1), versionId: 'v2', code: 'keyCompromise', reason: 'it leaked' },
  };
  const forced = { at: later(1), reason: 'revoke: it leaked', override: true };
  const wished = { ...before, revoking, forced };
  const replaced = { ...before, revoking, desired: 'v3', versions: [v1, v2, v3] };
  const proven = deployed({ versionId: 'v3', changedAt: later(24), provenAt: later(30) });
  const lacks = 'is not revoked yet';

  test('waits for its successor, the proof of that, and the CA', () => {
    expect(told(wished, 'revoked')).toMatchObject({ end: null, waitsFor: 'issue to begin' });
    expect(told(replaced, 'revoked')).toMatchObject({
      ...{ end: null, waitsFor: '0 of 1 targets to serve it' },
    });
    const served = { ...replaced, deployments: { web: proven } };
    expect(told(served, 'revoked')).toMatchObject({
      ...{ end: null, waitsFor: 'the next check, which has its CA revoke the old one' },
    });
    const revokeTried = { wish: revoking.at, doneAt: later(600), failure: null };
    const { end, steps } = told({ ...served, revokeTried }, 'revoked');
    expect(end).toEqual({ is: 'done', text: 'its CA has revoked 0B' });
    expect(steps.at(-1)).toBe('10:00 issue local has revoked 0B');
  });

  test('is not done by a revocation that was asked for before', () => {
    const revokeTried = { wish: later(-60), doneAt: later(-30), failure: null };
    const record = { ...replaced, revokeTried, deployments: { web: proven } };
    expect(told(record, 'revoked', { ...before, revokeTried }).end).toBeNull();
  });

  test('is not revoked where its successor cannot be issued', () => {
    const acquireFailure = failureUntil(addMs(now, minuteMs), { lastAt: later(9) });
    expect(told({ ...wished, acquireFailure }, 'revoked').end).toMatchObject({ is: 'open', lacks });
  });

  test('is not revoked where the CA refuses, and says when it is asked again', () => {
    const failure = failureUntil(addMs(now, hourMs), { error: 'NotRevoked', lastAt: later(600) });
    const revokeTried = { wish: revoking.at, doneAt: null, failure };
    const record = { ...replaced, deployments: { web: proven }, revokeTried };
    const { end, steps } = told(record, 'revoked');
    expect(end).toEqual({
      ...{ is: 'open', lacks },
      text: '0B: NotRevoked: no TXT record; certkeep tries again by itself at 2026-11-22 04:00 UTC',
    });
    expect(steps.at(-1)).toBe('10:00 issue revocation: NotRevoked: no TXT record');
  });

  test('is revoked after six hours where an endpoint cannot be asked', () => {
    const failure = failureUntil(addMs(now, hourMs), { error: 'ProbeFailed', lastAt: later(60) });
    const web = deployed({ versionId: 'v3', state: 'unknown', provenAt: null, failure });
    expect(told({ ...replaced, deployments: { web } }, 'revoked').end).toMatchObject({
      ...{ is: 'open', lacks },
      text: expect.stringMatching(
        /; without its proof, the CA revokes 0B at 2026-11-22 09:00 UTC$/,
      ),
    });
  });

  test('is not revoked at all where a target could not be changed', () => {
    const failure = failureUntil(addMs(now, hourMs), { lastAt: later(60) });
    const web = deployed({ versionId: 'v3', state: 'failed', provenAt: null, failure });
    const { end } = told({ ...replaced, deployments: { web } }, 'revoked');
    expect(end).toMatchObject({ is: 'open', text: expect.not.stringContaining('revokes') });
  });

  test('gives servers that fetch it six hours', () => {
    const record = { ...replaced, deployments: {} };
    const { end } = told(record, 'revoked', { ...before, deployments: {} });
    expect(end).toEqual({
      ...{ is: 'open', lacks },
      text: 'stored, and it has no targets; valid until 2027-02-10; its CA revokes 0B at 2026-11-22 09:00 UTC, when servers have had six hours to fetch the new one',
    });
  });
});
