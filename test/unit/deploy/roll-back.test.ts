import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
});

/** The endpoint goes on serving the old certificate, until the probe no longer believes in spreading. */
async function contradict(served: string): Promise<void> {
  stage.spoil(stage.target.key, served);
  await stage.verify();
  stage.heal(stage.target.key);
}

async function served(arn: string | undefined) {
  return arn && stage.acm.held.get(arn)?.serial;
}

test('a put-back that fails for a reason without a name is written down and does not fail the run', async () => {
  await contradict('F0');
  stage.target.refuseNextBind(new Error('a surprise'));
  expect(await stage.deploy()).toEqual({ outcome: 'rolled-back', targets: [stage.target.key] });
  expect(await stage.states()).toEqual(['contradicted']);
  expect(stage.errors).toMatchObject([{ reason: 'a surprise' }]);
  expect(stage.events.at(-1)).toMatchObject({ type: 'failed', severity: 'critical' });
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect(stage.target.held).toEqual([foreignArn]);
});

test('a listener gets the certificate back that it had before', async () => {
  await contradict('F0');
  expect(await stage.deploy()).toEqual({ outcome: 'rolled-back', targets: [stage.target.key] });
  expect(stage.target.held).toEqual([foreignArn]);
  expect(await stage.states()).toEqual(['rolled-back']);
  expect(stage.events.at(-1)).toMatchObject({ type: 'rolled-back', severity: 'critical' });
});

test('after the back-off the deploy is tried again with the same certificate', async () => {
  await contradict('F0');
  await stage.deploy();
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  stage.clock.advance(2 * minuteMs);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
  expect(stage.acm.imports).toEqual([null]);
});

test('each further failure waits longer', async () => {
  for (const count of [1, 2]) {
    await contradict('F0');
    await stage.deploy();
    const failure = (await stage.record()).deployments[stage.target.key]?.failure;
    expect(failure?.count).toBe(count);
    stage.clock.advance(20 * minuteMs);
    await stage.deploy();
  }
});

test('after a re-import the previous version is imported onto the same ARN', async () => {
  await stage.verify();
  const [arn] = stage.target.held;
  await stage.issue('v2');
  await stage.deploy();
  expect(await served(arn)).toBe('02');
  await contradict('01');
  await stage.deploy();
  expect(await served(arn)).toBe('01');
  expect((await stage.record()).imports[place]).toMatchObject({ versionId: 'v1', importing: null });
  expect(stage.target.held).toEqual([arn]);
});

test('if nothing had to leave an SNI list for the new certificate, it stays, and a person hears of it once', async () => {
  stage = deployStage({ kinds: ['sni'] });
  await stage.issue('v1');
  await stage.deploy();
  const held = [...stage.target.held];
  for (let look = 0; look < 3; look += 1) {
    await contradict('F0');
    await stage.deploy();
    stage.clock.advance(hourMs);
  }
  expect(stage.target.held).toEqual(held);
  expect(await stage.states()).toEqual(['unknown']);
  expect(stage.events).toMatchObject([
    {
      type: 'failed',
      details: {
        error: 'EndpointContradicted',
        message: expect.stringContaining('serial F0; not put back: nothing was replaced'),
      },
    },
  ]);
});

test('a certificate that ends within a day is not put back', async () => {
  const notAfter = addMs(new Date('2026-11-22T03:00:00Z'), 20 * hourMs);
  stage = deployStage({ foreign: { notAfter } });
  await stage.issue('v1');
  await stage.deploy();
  const held = [...stage.target.held];
  await contradict('F0');
  await stage.deploy();
  expect(stage.target.held).toEqual(held);
  expect(await stage.states()).toEqual(['failed']);
  expect(stage.events.at(-1)).toMatchObject({ type: 'failed', severity: 'critical' });
});

test('an adopted certificate, whose key nobody has, is not put back', async () => {
  stage = deployStage({ adopt: 'in-place' });
  await stage.issue('v1');
  await stage.deploy();
  await contradict('F0');
  await stage.deploy();
  expect(await served(foreignArn)).toBe('01');
  expect(stage.events.at(-1)?.details.message).toContain('nobody has the key');
});

test('a rollback takes nothing from another target that proves the same ARN', async () => {
  stage = deployStage({ kinds: ['default', 'default'] });
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  await stage.issue('v2');
  await stage.deploy();
  await contradict('01');
  expect(await stage.states()).toEqual(['contradicted', 'proven']);
  await stage.deploy();
  expect(await served(stage.target.held[0])).toBe('02');
  expect(await stage.states()).toEqual(['failed', 'proven']);
});

test('a way back that fails is tried again and told', async () => {
  await contradict('F0');
  stage.target.refuseNextBind(new CertkeepError('ListenerRefused', 'ELB: no'));
  await stage.deploy();
  expect(await stage.states()).toEqual(['contradicted']);
  expect(stage.events).toMatchObject([{ type: 'failed', severity: 'critical' }]);
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect(await stage.states()).toEqual(['rolled-back']);
});

test('a version that became desired meanwhile is deployed after the way back', async () => {
  await contradict('F0');
  await stage.issue('v2');
  expect(await stage.deploy()).toMatchObject({ outcome: 'rolled-back' });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  await stage.verify();
  expect((await stage.record()).deployments[stage.target.key]).toMatchObject({
    state: 'proven',
    versionId: 'v2',
  });
});

test('without the previous key in the store nothing is imported over what serves', async () => {
  await stage.verify();
  stage.keyStore.lose('shop', 'v1');
  await stage.issue('v2');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null, null]);
  expect(await served(stage.target.held[0])).toBe('02');
});

test('an ended certificate is renewed on its ARN, because it would never be put back', async () => {
  await stage.verify();
  stage.clock.advance(91 * dayMs);
  await stage.issue('v2');
  await stage.deploy();
  const [arn] = stage.target.held;
  expect(stage.acm.imports).toEqual([null, arn]);
});
