import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;

type Options = Parameters<typeof deployStage>[0];

/** v1 is served and proven everywhere. */
async function proven(options: Options = {}): Promise<void> {
  stage = deployStage(options);
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
}

async function refusedLook(): Promise<void> {
  stage.target.refuseNextLook(refused());
  await stage.deploy();
}

async function deployment(index = 0) {
  const found = (await stage.record()).deployments[stage.targets[index]?.key as string];
  if (!found) throw new Error('there is no deployment');
  return found;
}

const refused = () => new CertkeepError('ListenerRefused', 'ELB: no');

test('a renewal that fails again and again is tried before the certificate in service ends', async () => {
  await proven({ retryDelaysMs: [dayMs] });
  const ends = addMs(stage.clock.now(), 90 * dayMs);
  stage.clock.advance(90 * dayMs - 6 * hourMs);
  await stage.issue('v2');
  for (const _ of [1, 2, 3]) {
    await refusedLook();
    const { failure } = await deployment();
    const next = new Date(failure?.nextAttemptAt as string);
    expect(next.getTime()).toBeLessThan(ends.getTime());
    stage.clock.advance(next.getTime() - stage.clock.now().getTime());
  }
});

test('a failed renewal is no alarm while the certificate in service has long to live', async () => {
  await proven();
  const [version] = (await stage.record()).versions;
  // What v1 once replaced has ended.
  stage.clock.advance(30 * dayMs);
  await stage.issue('v2');
  for (const _ of [1, 2]) {
    await refusedLook();
    expect(stage.events.at(-1)).toMatchObject({
      severity: 'warning',
      details: { servedUntil: version?.notAfter },
    });
    stage.clock.advance(hourMs);
  }
});

test('a target that was put back keeps its back-off while another one is tried', async () => {
  stage = deployStage({ kinds: ['default', 'default'] });
  await stage.issue('v1');
  stage.targets[1]?.refuseNextBind(refused());
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  await stage.deploy();
  expect(await stage.states()).toEqual(['rolled-back', 'failed']);
  stage.clock.advance(10 * secondMs);
  await stage.deploy();
  expect(await stage.states()).toEqual(['rolled-back', 'awaiting-proof']);
  expect(stage.target.held).toEqual([foreignArn]);
});

test('a failure that only another target has asked for is not counted', async () => {
  stage = deployStage({ kinds: ['default', 'default'], retryDelaysMs: [minuteMs, hourMs] });
  const second = stage.targets[1]?.key as string;
  stage.leave(second);
  await stage.issue('v1');
  for (const _ of [1, 2]) {
    stage.target.refuseNextBind(refused());
    await stage.deploy();
    stage.clock.advance(2 * minuteMs);
  }
  stage.join(second);
  await refusedLook();
  expect(await stage.states()).toEqual(['failed', 'awaiting-proof']);
  expect((await deployment()).failure?.count).toBe(2);
});

test('a way back that waits for its back-off is not counted as a new deploy', async () => {
  stage = deployStage({ kinds: ['default', 'default'], retryDelaysMs: [minuteMs, hourMs] });
  await stage.issue('v1');
  stage.targets[1]?.refuseNextBind(refused());
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  stage.target.refuseNextBind(refused());
  await stage.deploy();
  stage.clock.advance(10 * secondMs);
  await stage.deploy();
  expect(await stage.states()).toEqual(['contradicted', 'awaiting-proof']);
});

test('a version that was put back on a shared ARN is not imported over before its time', async () => {
  await proven({ kinds: ['default', 'default'] });
  await stage.issue('v2');
  stage.targets[1]?.refuseNextLook(refused());
  await stage.deploy();
  stage.spoil(stage.target.key, '01');
  await stage.verify();
  await stage.deploy();
  const entry = (await stage.record()).imports[place];
  expect(entry).toMatchObject({ versionId: 'v1' });
  stage.clock.advance(10 * secondMs);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  expect(stage.acm.held.get(entry?.arn as string)?.serial).toBe('01');
});

test('a target that has left the configuration is forgotten with the versions it held', async () => {
  await proven({ kinds: ['default', 'default'] });
  const [, gone] = stage.targets;
  stage.leave(gone?.key as string);
  await stage.issue('v2');
  await stage.deploy();
  expect(Object.keys((await stage.record()).deployments)).toEqual([stage.target.key]);
});
