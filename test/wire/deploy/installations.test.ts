import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, expect, test } from 'vitest';
import { adoptedTag, certificateTag } from '#shared/deploy/import/acm.ts';
import { managedTag } from '#shared/installation.ts';
import type { AcmImport } from '#shared/ledger/record/record.ts';
import { dayMs, hourMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { deployStage, foreignArn, installation, place } from '#test/support/deploy-stage.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

/** Two installations of one account, which both keep a certificate called shop. */
let lab: DeployLab;
afterEach(() => lab?.close());

/** With a default of somebody else for these names. */
async function listenerOf(name: string, names: readonly string[]) {
  const arn = await lab.imported(await makeCertificate({ key: 'rsa-2048', names }));
  const { listener } = await lab.createAlb(name, arn);
  return { type: 'alb' as const, listener, certificate: 'default' as const };
}

/** The lives of both take turns, as their messages have groups of their own. */
async function deployed(world: DeployWorld): Promise<string> {
  await world.deploy();
  await lab.clock.sleep(10 * secondMs);
  await world.verify();
  await world.deploy();
  expect(new Set(await world.states())).toEqual(new Set(['proven']));
  return (await world.record()).imports[place]?.arn as string;
}

function heldBy(owner: string): readonly string[] {
  const all = lab.certificates.certificates();
  return all.filter(({ tags }) => tags.get(managedTag) === owner).map(({ arn }) => arn);
}

test('each imports, binds, publishes, renews and deletes its own, also on a listener that they share', async () => {
  lab = await deployLab();
  const names = ['shop.example.com', 'other.example.com'];
  const shared = { ...(await listenerOf('shared', names)), certificate: 'sni' as const };
  const one = deployWorld(lab, [await listenerOf('one', names.slice(0, 1)), shared]);
  const other = deployWorld(lab, [await listenerOf('other', names.slice(1)), shared], {
    installation: 'other',
    name: 'other.example.com',
  });
  await one.issue('v1');
  await other.issue('v1');
  const first = await deployed(one);
  const others = await deployed(other);
  expect([heldBy('certkeep'), heldBy('other')]).toEqual([[first], [others]]);
  expect([one.published(), other.published()]).toEqual([first, others]);
  await one.issue('v2', 'ecdsa-p256');
  const second = await deployed(one);
  expect(heldBy('certkeep')).toEqual([first, second]);
  for (const ms of [hourMs, 3 * dayMs]) {
    await lab.clock.sleep(ms);
    await one.deploy();
  }
  expect([one.published(), other.published()]).toEqual([second, others]);
  expect([heldBy('certkeep'), heldBy('other')]).toEqual([[second], [others]]);
  const listed = await lab.listed(shared.listener);
  const added = listed.filter(({ IsDefault }) => !IsDefault);
  expect(added.map(({ CertificateArn }) => CertificateArn).toSorted()).toEqual(
    [others, second].toSorted(),
  );
});

test('a certificate of another installation is not adopted in place, even if it is to be replaced', async () => {
  lab = await deployLab();
  const target = await listenerOf('shop', ['shop.example.com']);
  const first = deployWorld(lab, [target], { installation: 'first' });
  const serial = await first.issue('v1');
  const arn = await deployed(first);
  const second = deployWorld(lab, [target], { installation: 'second', adopt: 'in-place' });
  await second.issue('v1');
  expect(await deployed(second)).not.toBe(arn);
  expect(lab.certificates.find(arn)?.material.latest().leaf.serialNumber).toBe(serial);
});

test('adopted in place, a certificate is marked, and loses its marks instead of being deleted', async () => {
  const stage = deployStage({ adopt: 'in-place' });
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  const tags = { [managedTag]: installation, [adoptedTag]: 'shop' };
  expect(await stage.acm.tagsOf(foreignArn)).toEqual(tags);
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  await stage.verify();
  await stage.deploy();
  expect((await stage.record()).imports[place]?.retired).toMatchObject([{ arn: foreignArn }]);
  stage.clock.advance(3 * dayMs);
  await stage.deploy();
  expect(await stage.acm.tagsOf(foreignArn)).toEqual({});
  expect(stage.acm.held.has(foreignArn)).toBe(true);
  expect((await stage.record()).imports[place]?.retired).toEqual([]);
});

test.each([
  ['another installation', { [certificateTag]: 'shop', [managedTag]: 'another' }],
  ['another certificate', { [certificateTag]: 'blog', [managedTag]: installation }],
  ['nobody', {}],
])('an earlier ARN that belongs to %s is left alone', async (_, tags) => {
  const stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  const held = [...stage.acm.held.values()].at(-1);
  const arn = 'arn:aws:acm:us-east-1:000000000000:certificate/theirs';
  if (held) stage.acm.hold({ ...held, arn }, tags);
  await stage.ledger.update('shop', (record) => {
    const entry = record.imports[place] as AcmImport;
    const retired = [{ arn, lookAgainAt: stage.clock.now().toISOString() }];
    return { ...record, imports: { [place]: { ...entry, retired } } };
  });
  await stage.deploy();
  expect(stage.acm.held.has(arn)).toBe(true);
  expect((await stage.record()).imports[place]?.retired).toEqual([]);
});

test('a certificate with our serial that another installation manages is not taken for ours', async () => {
  const stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  const [held] = [...stage.acm.held.values()].slice(-1);
  const arn = 'arn:aws:acm:us-east-1:000000000000:certificate/theirs';
  if (held)
    stage.acm.hold(
      { ...held, arn, serial: '02', fingerprintSha256: paperFingerprint('02') },
      { [managedTag]: 'another' },
    );
  await stage.verify();
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  expect(stage.target.held).not.toContain(arn);
  expect(stage.acm.imports).toEqual([null, null]);
});
