import { beforeEach, expect, test } from 'vitest';
import { withRevocation } from '#shared/acquire/advice/revocation.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
});

async function contradict(served: string, key = stage.target.key): Promise<void> {
  stage.spoil(key, served);
  await stage.verify();
}

async function serialInAcm(): Promise<string | null | undefined> {
  const arn = (await stage.record()).imports[place]?.arn;
  return arn && stage.acm.held.get(arn)?.serial;
}

function lastMessage(): unknown {
  return stage.events.at(-1)?.details.message;
}

test('a version that was never proven is not what its successor is put back to', async () => {
  await stage.verify();
  await stage.issue('v2');
  await stage.deploy();
  await stage.issue('v3');
  await stage.deploy();
  await contradict('01');
  expect(await stage.deploy()).toMatchObject({ outcome: 'rolled-back' });
  expect(await serialInAcm()).toBe('01');
});

test('after two versions in a row that are not served, the certificate before both comes back', async () => {
  await stage.issue('v2');
  await stage.deploy();
  await contradict('F0');
  await stage.deploy();
  expect(stage.target.held).toEqual([foreignArn]);
});

test('a version that nobody could ask for stays the way back when what was before it has ended', async () => {
  stage.spoil(stage.target.key, null);
  await stage.verify();
  stage.clock.advance(60 * 24 * hourMs);
  stage.heal(stage.target.key);
  await stage.issue('v2');
  await stage.deploy();
  await contradict('01');
  await stage.deploy();
  expect(await serialInAcm()).toBe('01');
});

test('in an SNI list, two versions in a row that are not served stay beside what wins', async () => {
  stage = deployStage({ kinds: ['sni'] });
  await stage.issue('v1');
  await stage.deploy();
  await stage.issue('v2');
  await stage.deploy();
  const held = [...stage.target.held];
  await contradict('F0');
  await stage.deploy();
  expect(stage.target.held).toEqual(held);
  expect(await stage.states()).toEqual(['unknown']);
});

test('a target that could not be looked at during a re-import has its way back all the same', async () => {
  await stage.verify();
  await stage.issue('v2');
  stage.target.refuseNextLook(new CertkeepError('ListenerRefused', 'ELB: no'));
  await stage.deploy();
  // Somebody else's import, or another target's deploy, brings the version to the ARN.
  const arn = stage.target.held[0] as string;
  const held = stage.acm.held.get(arn);
  if (held) stage.acm.hold({ ...held, serial: '02', fingerprintSha256: paperFingerprint('02') });
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  await contradict('01');
  expect(await stage.states()).toEqual(['contradicted']);
  await stage.deploy();
  expect(await serialInAcm()).toBe('01');
});

test('a certificate that is gone from ACM is not put back, and a person hears why', async () => {
  const held = [...stage.target.held];
  await stage.acm.delete(foreignArn);
  await contradict('F0');
  await stage.deploy();
  expect(stage.target.held).toEqual(held);
  expect(await stage.states()).toEqual(['failed']);
  expect(lastMessage()).toContain('is gone');
  expect(stage.events.at(-1)?.severity).toBe('critical');
});

test('the end that ACM gives now counts, not the one that it gave before', async () => {
  const before = stage.acm.held.get(foreignArn);
  if (before) stage.acm.hold({ ...before, notAfter: addMs(stage.clock.now(), 10 * hourMs) });
  await contradict('F0');
  await stage.deploy();
  expect(await stage.states()).toEqual(['failed']);
  expect(lastMessage()).toContain('ends within a day');
});

test('a listener that a person rebound before the proof is not put back over that', async () => {
  const byHand = 'arn:aws:acm:us-east-1:000000000000:certificate/by-hand';
  const foreign = stage.acm.held.get(foreignArn);
  if (foreign)
    stage.acm.hold({
      ...foreign,
      arn: byHand,
      serial: 'A5',
      fingerprintSha256: paperFingerprint('A5'),
    });
  stage.target.rebindByHand(byHand);
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted']);
  await stage.deploy();
  expect(stage.target.held).toEqual([byHand]);
  expect(lastMessage()).toContain('somebody else');
});

test('a version that ACM does not take back onto its ARN is told, and the deploy is tried again', async () => {
  await stage.verify();
  await stage.issue('v2');
  await stage.deploy();
  stage.acm.needNewArn();
  await contradict('01');
  await stage.deploy();
  expect(await stage.states()).toEqual(['failed']);
  stage.heal(stage.target.key);
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('a contradicted version that the record has lost does not hold up its successor', async () => {
  await contradict('F0');
  await stage.issue('v2');
  await stage.ledger.update('shop', (record) => ({
    ...record,
    versions: record.versions.filter(({ id }) => id !== 'v1'),
  }));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
});

/** The look at its list finds it there, and the one at the list of its successor finds nothing. */
async function revoke(id: string, successor: string): Promise<void> {
  const now = stage.clock.now();
  const list = { reason: 'keyCompromise', nextUpdate: addMs(now, hourMs) };
  await stage.ledger.update('shop', (record) => {
    const revoked = withRevocation(record, { id }, { ...list, revokedAt: now }, now);
    return withRevocation(revoked, { id: successor }, { ...list, revokedAt: null }, now);
  });
}

test('a version that its CA has revoked is not put back onto its ARN', async () => {
  await stage.verify();
  await stage.issue('v2');
  await revoke('v1', 'v2');
  await stage.deploy();
  await contradict('F9');
  await stage.deploy();
  expect(await serialInAcm()).toBe('02');
  expect(await stage.states()).toEqual(['failed']);
  expect(lastMessage()).toContain('not put back: the previous certificate has been revoked');
});

test('nor is one that a person has barred', async () => {
  await stage.verify();
  await stage.issue('v2');
  const at = stage.clock.now().toISOString();
  const barred = [{ versionId: 'v1', at, reason: 'clients refuse it' }];
  await stage.ledger.update('shop', (record) => ({ ...record, barred }));
  await stage.deploy();
  await contradict('F9');
  await stage.deploy();
  expect(await serialInAcm()).toBe('02');
  expect(lastMessage()).toContain('not put back: a person has barred the previous certificate');
});

test('nor is the ARN that holds it bound again', async () => {
  await stage.verify();
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  const held = [...stage.target.held];
  await revoke('v1', 'v2');
  await contradict('F9');
  await stage.deploy();
  expect(stage.target.held).toEqual(held);
  expect(lastMessage()).toContain('not put back: the previous certificate has been revoked');
});

test('a record that knew of it before versions did refuses as well', async () => {
  await stage.verify();
  await stage.issue('v2');
  await stage.deploy();
  await revoke('v2', 'v1');
  await stage.ledger.update('shop', (record) => {
    const nextCheckAt = stage.clock.now().toISOString();
    const known = { versionId: 'v1', revokedAt: nextCheckAt, reason: null, nextCheckAt };
    return { ...record, revocation: { ...known, failures: 0, failure: null } };
  });
  await contradict('F9');
  await stage.deploy();
  expect(lastMessage()).toContain('has been revoked');
});

test('a certificate that only the record calls ours does not come back into the list', async () => {
  const stranger = foreignArn.replace(/.$/, 'f');
  await stage.ledger.update('shop', (record) => {
    const deployment = record.deployments[stage.target.key] as Deployment;
    const previous = { ...(deployment.previous as NonNullable<Deployment['previous']>) };
    const forged = { ...deployment, previous: { ...previous, listed: [stranger] } };
    return { ...record, deployments: { [stage.target.key]: forged } };
  });
  await contradict('F0');
  await stage.deploy();
  expect(stage.target.held).not.toContain(stranger);
  expect(lastMessage()).toContain(`nothing but the record says that ${stranger} is ours`);
});
