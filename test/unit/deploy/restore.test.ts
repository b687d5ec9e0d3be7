import { beforeEach, expect, test } from 'vitest';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { deployStage, installation, place, type Stage } from '#test/support/deploy-stage.ts';
import { paperMaterial } from '#test/support/fake-key-store.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

let stage: Stage;
let arn: string;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  arn = (await stage.record()).imports[place]?.arn as string;
});

/** ACM holds a version that a restored, older record knows nothing of. */
function holdNewer(names = ['shop.example.com']): void {
  const held = stage.acm.held.get(arn);
  const notBefore = addMs(stage.clock.now(), dayMs);
  if (!held) return;
  const newer = { serial: 'AA', fingerprintSha256: paperFingerprint('AA'), names, notBefore };
  const tags = { 'certkeep:managed': installation, 'certkeep:certificate': 'shop' };
  stage.acm.hold({ ...held, ...newer }, { ...tags, 'certkeep:attempt': 'v1' });
  // What was issued since is there, whatever backup the record comes from.
  stage.keyStore.put('shop', 'vaa', paperMaterial('vaa'));
}

test('an older record does not import over a newer certificate, and a person is told', async () => {
  await stage.issue('v2');
  holdNewer();
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(stage.acm.held.get(arn)?.serial).toBe('AA');
  expect(stage.target.held).toEqual([arn]);
  expect(stage.events.at(-1)).toMatchObject({
    type: 'failed',
    severity: 'critical',
    details: { error: 'NewerCertificateHeld' },
  });
});

test('a certificate issued after it takes its place', async () => {
  await stage.issue('v2');
  holdNewer();
  await stage.deploy();
  stage.clock.advance(2 * dayMs);
  await stage.issue('v3');
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('a newer certificate that lacks our names is replaced by a new ARN', async () => {
  await stage.issue('v2');
  holdNewer(['other.example.com']);
  const outcome = await stage.deploy();
  expect(stage.acm.imports).toEqual([null, null]);
  // Its name is not ours to take away.
  expect(outcome).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
});

test('an issuer that dates its certificates back does not look like a restored record', async () => {
  const notBefore = addMs(stage.clock.now(), -12 * hourMs).toISOString();
  await stage.issue('v2', { notBefore });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.acm.held.get(arn)?.serial).toBe('02');
});
