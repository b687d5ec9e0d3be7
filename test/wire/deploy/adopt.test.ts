import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adoptedTag, certificateTag } from '#shared/deploy/import/acm.ts';
import { CertkeepError } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import {
  deployStage,
  foreignArn,
  installation,
  place,
  type Stage,
} from '#test/support/deploy-stage.ts';
import { deployWorld } from '#test/support/deploy-world.ts';

describe('a foreign certificate without the usages of the new one', () => {
  let lab: DeployLab;
  beforeEach(async () => {
    lab = await deployLab();
  });
  afterEach(() => lab.close());

  test.each([
    ['key usage', { keyUsages: [] }],
    ['extended key usage', { extendedKeyUsages: [] }],
  ] as const)('is left alone and not tagged where it has no %s', async (_, without) => {
    const made = await makeCertificate({ key: 'rsa-2048', ...without });
    const foreign = await lab.imported(made);
    const { listener } = await lab.createAlb('shop', foreign);
    const target = { type: 'alb', listener, certificate: 'default' } as const;
    const world = deployWorld(lab, [target], { adopt: 'in-place' });
    await world.issue('v1');
    expect(await world.deploy()).toEqual({ outcome: 'deployed', failed: [] });
    const arn = (await world.record()).imports[place]?.arn;
    expect(arn).not.toBe(foreign);
    const held = lab.certificates.certificates().find((each) => each.arn === foreign);
    expect(held?.material.latest().leaf.serialNumber).toBe(made.serial);
    expect([...(held?.tags ?? [])]).toEqual([]);
  });
});

let stage: Stage;
beforeEach(async () => {
  stage = deployStage({ adopt: 'in-place' });
  await stage.issue('v1');
});

/** ACM does not know our tag on what is to be adopted for so long. */
function denyFor(ms: number): void {
  const until = stage.clock.now().getTime() + ms;
  const { acm, clock } = stage;
  const denied = new CertkeepError('ServiceDenied', 'ACM: ImportCertificate: not authorized');
  stage.ports.certificateManagerFor = () => ({
    ...acm,
    async import(request) {
      if (clock.now().getTime() < until) throw denied;
      return acm.import(request);
    },
  });
}

test('a certificate that ACM refuses after all loses our tag again, and a new ARN is made', async () => {
  stage.acm.needNewArn();
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.acm.imports).toEqual([foreignArn, null]);
  expect(await stage.acm.tagsOf(foreignArn)).toEqual({});
  expect((await stage.record()).imports[place]).toMatchObject({ importing: null, retired: [] });
});

function tag(tags: Readonly<Record<string, string>>): void {
  const held = stage.acm.held.get(foreignArn);
  if (held) stage.acm.hold(held, tags);
}

test.each<[string, Readonly<Record<string, string>>]>([
  ['made by another certificate', { [managedTag]: installation, [certificateTag]: 'other' }],
  ['adopted by another certificate', { [managedTag]: installation, [adoptedTag]: 'other' }],
  ['made by another installation', { [managedTag]: 'another', [certificateTag]: 'shop' }],
])('what was %s is left alone, and keeps its tags', async (_, tags) => {
  tag(tags);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.acm.imports).toEqual([null]);
  expect(stage.acm.held.get(foreignArn)?.serial).toBe('F0');
  expect(await stage.acm.tagsOf(foreignArn)).toEqual(tags);
});

test('an adopted certificate says for which certificate', async () => {
  await stage.deploy();
  expect(stage.acm.imports).toEqual([foreignArn]);
  const tags = { [managedTag]: installation, [adoptedTag]: 'shop' };
  expect(await stage.acm.tagsOf(foreignArn)).toEqual(tags);
});

test('a certificate adopted by an earlier release says so from the next renewal on', async () => {
  await stage.deploy();
  await stage.verify();
  tag({ [managedTag]: installation });
  await stage.issue('v2');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([foreignArn, foreignArn]);
  expect(await stage.acm.tagsOf(foreignArn)).toMatchObject({ [adoptedTag]: 'shop' });
});

test('if two adopt at once, the one whose mark did not stay makes a new ARN', async () => {
  stage.ports.certificateManagerFor = () => ({
    ...stage.acm,
    async addTags(arn, tags) {
      await stage.acm.addTags(arn, tags);
      await stage.acm.addTags(arn, { [adoptedTag]: 'other' });
    },
  });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.acm.imports).toEqual([null]);
  expect(await stage.acm.tagsOf(foreignArn)).toMatchObject({ [adoptedTag]: 'other' });
  expect((await stage.record()).imports[place]).toMatchObject({ importing: null, retired: [] });
});

test('a tag that cannot be taken away stops no deploy', async () => {
  stage.acm.needNewArn();
  const removeTag = async () => {
    throw new CertkeepError('ServiceDenied', 'ACM: RemoveTagsFromCertificate: no');
  };
  stage.ports.certificateManagerFor = () => ({ ...stage.acm, removeTag });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.target.held).toEqual([(await stage.record()).imports[place]?.arn]);
});

test('a right that comes some seconds after its tag is waited for', async () => {
  denyFor(20 * secondMs);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.acm.imports).toEqual([foreignArn]);
});

test('one that does not come is a failure that is told and tried again', async () => {
  denyFor(minuteMs);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(stage.events).toMatchObject([
    { type: 'failed', severity: 'critical', details: { error: 'ServiceDenied' } },
  ]);
  stage.clock.advance(2 * minuteMs);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
});

test('a renewal that is denied is not waited for: its tag is old', async () => {
  await stage.deploy();
  await stage.verify();
  await stage.issue('v2');
  const before = stage.clock.now();
  denyFor(minuteMs);
  expect(await stage.deploy()).toMatchObject({ failed: [stage.target.key] });
  expect(stage.clock.now()).toEqual(before);
});
