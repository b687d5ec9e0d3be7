import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
});

async function boundArn(): Promise<string | null | undefined> {
  return (await stage.record()).imports[place]?.arn;
}

test('a foreign default is replaced by a new certificate and awaits proof', async () => {
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  const record = await stage.record();
  expect(stage.target.held).toEqual([record.imports[place]?.arn]);
  expect(record.deployments[stage.target.key]).toMatchObject({
    state: 'awaiting-proof',
    versionId: 'v1',
    previous: { arn: foreignArn, versionId: null },
    baselineSerial: 'F0',
  });
  expect(stage.work).toEqual([{ kind: 'verify', certificate: 'shop' }]);
});

test('a second run finds nothing to do', async () => {
  await stage.deploy();
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
  expect(stage.acm.imports).toEqual([null]);
});

test('a message about a certificate that has left the configuration is no failure', async () => {
  stage.unconfigure();
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
  expect(await stage.verify()).toEqual({ outcome: 'nothing-to-do' });
});

test('if two runs start at once, one deploys', async () => {
  const outcomes = await Promise.all([stage.deploy(), stage.deploy()]);
  expect(outcomes.filter(({ outcome }) => outcome === 'deployed')).toHaveLength(1);
  expect(stage.acm.imports).toEqual([null]);
});

test('a renewal goes onto the same ARN, and the listener is not touched', async () => {
  await stage.deploy();
  await stage.verify();
  const arn = await boundArn();
  await stage.issue('v2');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null, arn]);
  expect(stage.target.changes).toHaveLength(1);
  expect((await stage.record()).deployments[stage.target.key]).toMatchObject({
    state: 'awaiting-proof',
    versionId: 'v2',
    previous: { arn, versionId: 'v1' },
    baselineSerial: '01',
  });
});

test('a refused import leaves the old one in service, is told, and is tried again later', async () => {
  stage.acm.refuseNextImport(new CertkeepError('ImportRefused', 'ACM: no'));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(stage.target.held).toEqual([foreignArn]);
  expect(stage.told()).toEqual(['failed']);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  stage.clock.advance(2 * minuteMs);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
});

test('an error without a name is written down, logged as an error, and does not fail the run', async () => {
  stage.target.refuseNextBind(new Error('a surprise'));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(await stage.states()).toEqual(['failed']);
  expect(stage.told()).toEqual(['failed']);
  expect(stage.errors).toMatchObject([{ outcome: 'Error', reason: 'a surprise' }]);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
});

test('a newer version does not wait for the back-off of the one that failed', async () => {
  stage.acm.refuseNextImport(new CertkeepError('ImportRefused', 'ACM: no'));
  await stage.deploy();
  await stage.issue('v2');
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
});

test('a certificate whose names would be lost is not replaced', async () => {
  stage = deployStage({ foreign: { names: ['shop.example.com', 'pay.example.com'] } });
  await stage.issue('v1');
  await stage.deploy();
  expect(stage.target.held).toEqual([foreignArn]);
  const { failure } = (await stage.record()).deployments[stage.target.key] ?? {};
  expect(failure).toMatchObject({ error: 'NamesWouldBeLost' });
  expect(failure?.message).toContain('pay.example.com');
});

test('in an SNI list the new certificate is added before our old one is removed', async () => {
  stage = deployStage({ kinds: ['sni'] });
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  const first = await boundArn();
  await stage.issue('v2', { keyAlgorithm: 'rsa-2048' });
  await stage.deploy();
  const second = await boundArn();
  expect(stage.target.held).toEqual([foreignArn, second]);
  expect(stage.target.changes.at(-1)).toBe(`remove ${first}`);
});

test('one target that fails does not stop the other', async () => {
  stage = deployStage({ kinds: ['default', 'default'] });
  await stage.issue('v1');
  stage.target.refuseNextBind(new CertkeepError('ListenerFull', 'ELB: 25 certificates'));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(await stage.states()).toEqual(['failed', 'awaiting-proof']);
});
