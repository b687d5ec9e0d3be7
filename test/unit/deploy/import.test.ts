import { beforeEach, expect, test } from 'vitest';
import { attemptTag, certificateTag } from '#shared/deploy/import/acm.ts';
import { managedTag } from '#shared/installation.ts';
import type { AcmImport } from '#shared/ledger/record/record.ts';
import { dayMs } from '#shared/time/clock.ts';
import {
  deployStage,
  foreignArn,
  installation,
  place,
  type Stage,
} from '#test/support/deploy-stage.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
});

async function boundArn(): Promise<string | null | undefined> {
  return (await stage.record()).imports[place]?.arn;
}

test('a lost answer of a first import does not make a second certificate', async () => {
  stage.acm.loseNextAnswer();
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null]);
  expect(stage.acm.held.size).toBe(2);
});

test('a first import that was carried out twice leaves one certificate in the end', async () => {
  stage.acm.doubleNextImport();
  await stage.deploy();
  await stage.verify();
  await stage.deploy();
  const held = [...stage.acm.held.keys()].filter((arn) => arn !== foreignArn);
  expect(held).toEqual([await boundArn()]);
});

test('a new key type takes a new ARN, and the old one is deleted three days after its last use', async () => {
  await stage.deploy();
  await stage.verify();
  const first = (await boundArn()) as string;
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  expect(await boundArn()).not.toBe(first);
  expect(stage.acm.held.has(first)).toBe(true);
  await stage.verify();
  expect(stage.work.at(-1)).toEqual({ kind: 'deploy', certificate: 'shop', place });
  await stage.deploy();
  stage.clock.advance(2.9 * dayMs);
  await stage.deploy();
  expect(stage.acm.held.has(first)).toBe(true);
  stage.clock.advance(0.1 * dayMs);
  await stage.deploy();
  expect(stage.acm.held.has(first)).toBe(false);
  expect((await stage.record()).imports[place]?.retired).toEqual([]);
});

test('an old ARN stays as long as the new one is not proven, however long nothing uses it', async () => {
  await stage.deploy();
  await stage.verify();
  const first = (await boundArn()) as string;
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  stage.spoil(stage.target.key, null);
  for (const days of [1, 4, 4]) {
    stage.clock.advance(days * dayMs);
    await stage.verify();
    await stage.deploy();
  }
  expect(stage.acm.held.has(first)).toBe(true);
  stage.heal(stage.target.key);
  stage.clock.advance(dayMs);
  await stage.verify();
  await stage.deploy();
  expect(stage.acm.held.has(first)).toBe(false);
});

test('an old ARN that is used again stays for three days more', async () => {
  await stage.deploy();
  await stage.verify();
  const first = (await boundArn()) as string;
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  await stage.verify();
  await stage.deploy();
  stage.acm.setInUseBy(first, ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/other']);
  stage.clock.advance(2.9 * dayMs);
  await stage.deploy();
  stage.acm.setInUseBy(first, []);
  for (const days of [0.1, 2.9]) {
    stage.clock.advance(days * dayMs);
    await stage.deploy();
    expect(stage.acm.held.has(first)).toBe(true);
  }
  stage.clock.advance(0.1 * dayMs);
  await stage.deploy();
  expect(stage.acm.held.has(first)).toBe(false);
});

test('an old ARN that somebody uses stays and is looked at again', async () => {
  await stage.deploy();
  await stage.verify();
  const first = (await boundArn()) as string;
  stage.acm.setInUseBy(first, ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/other']);
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  await stage.verify();
  await stage.deploy();
  expect(stage.acm.held.has(first)).toBe(true);
  expect((await stage.record()).imports[place]?.retired).toMatchObject([{ arn: first }]);
});

test('if ACM wants a new ARN for a re-import, one is made and bound', async () => {
  await stage.deploy();
  await stage.verify();
  const first = await boundArn();
  stage.acm.needNewArn();
  await stage.issue('v2');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null, first, null]);
  expect(stage.target.held).toEqual([await boundArn()]);
});

test('a name that leaves our own certificate leaves the same ARN', async () => {
  await stage.deploy();
  await stage.verify();
  await stage.issue('v2', { names: ['shop.example.com', 'new.example.com'] });
  await stage.deploy();
  await stage.verify();
  await stage.issue('v3');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null, await boundArn(), await boundArn()]);
});

test('adopted in place, a foreign certificate keeps its ARN', async () => {
  stage = deployStage({ adopt: 'in-place' });
  await stage.issue('v1');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([foreignArn]);
  expect(stage.target.changes).toEqual([]);
  expect((await stage.record()).deployments[stage.target.key]?.previous).toMatchObject({
    arn: foreignArn,
    versionId: null,
  });
});

test('a new certificate whose answer was lost for good is found before anything is imported again', async () => {
  await stage.deploy();
  await stage.verify();
  const first = (await boundArn()) as string;
  await stage.issue('v2');
  const held = stage.acm.held.get(first);
  const second = 'arn:aws:acm:us-east-1:000000000000:certificate/unheard';
  const ours = { [managedTag]: installation, [certificateTag]: 'shop', [attemptTag]: 'v2' };
  if (held)
    stage.acm.hold(
      { ...held, arn: second, serial: '02', fingerprintSha256: paperFingerprint('02') },
      ours,
    );
  await stage.ledger.update('shop', (record) => ({
    ...record,
    imports: {
      ...record.imports,
      [place]: { ...(record.imports[place] as AcmImport), importing: 'v2' },
    },
  }));
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null]);
  expect(stage.target.held).toEqual([second]);
});
