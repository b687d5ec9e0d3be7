import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
});

const throttled = () => new CertkeepError('ServiceThrottled', 'ELB: ModifyListener: Rate exceeded');

/** Deploys when it is due; returns the minutes until the next try. */
async function failedTry(error: Error): Promise<number> {
  stage.target.refuseNextBind(error);
  await stage.deploy();
  const { failure } = (await stage.record()).deployments[stage.target.key] ?? {};
  const waitMs = Date.parse(failure?.nextAttemptAt ?? '') - stage.clock.now().getTime();
  stage.clock.advance(waitMs);
  return waitMs / minuteMs;
}

test('a throttled listener is tried again within minutes, and told when that has lasted', async () => {
  const waits: number[] = [];
  for (let tries = 1; tries <= 4; tries += 1) waits.push(await failedTry(throttled()));
  for (const [index, atLeast] of [1, 2, 5, 10].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(atLeast);
    expect(waits[index]).toBeLessThan(atLeast * 1.7);
  }
  expect(stage.events).toMatchObject([
    { type: 'failed', severity: 'warning', details: { error: 'ServiceThrottled', attempts: 4 } },
  ]);
  await stage.deploy();
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('a put-back that is throttled is told at once', async () => {
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  stage.heal(stage.target.key);
  await failedTry(throttled());
  expect(stage.events).toMatchObject([{ type: 'failed', severity: 'critical' }]);
  await stage.deploy();
  expect(stage.target.held).toEqual([foreignArn]);
});

test('a denied change is for a person, and says where to look', async () => {
  await failedTry(new CertkeepError('ServiceDenied', 'ELB: ModifyListener: not authorized'));
  expect(stage.events).toMatchObject([
    {
      severity: 'critical',
      details: {
        error: 'ServiceDenied',
        nextStep: expect.stringContaining('service control policy'),
      },
    },
  ]);
});

test('an import whose turns are all taken is left to the next run at once, and nobody is told', async () => {
  const retryAt = addMs(stage.clock.now(), 40 * secondMs);
  stage.acm.refuseNextImport(new CertkeepError('ImportLaneFull', 'ACM: reserved', { retryAt }));
  expect(await stage.deploy()).toEqual({ outcome: 'goes-on', failed: [] });
  expect(stage.work.at(-1)).toMatchObject({ kind: 'deploy' });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.told()).toEqual([]);
});

test.each(['EventsNotPublished', 'ServiceThrottled', 'ServiceFailed'] as const)(
  'a bus that answers with %s fails neither deploy nor verify, and what is to be told stays',
  async (name) => {
    stage.ports.bus.publish = async () => {
      throw new CertkeepError(name, 'EventBridge: PutEvents certkeep: no');
    };
    await failedTry(new CertkeepError('ListenerRefused', 'ELB: no'));
    expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
    expect(await stage.verify()).toMatchObject({ outcome: 'verified' });
    expect((await stage.record()).outbox.map(({ type }) => type)).toEqual(['failed', 'served']);
  },
);

test('a queue that does not answer fails no deploy: check and the sweep find what is to be verified', async () => {
  stage.ports.queues.send = async () => {
    throw new CertkeepError('ServiceFailed', 'SQS: SendMessage verify:shop: TimeoutError');
  };
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(await stage.states()).toEqual(['awaiting-proof']);
});
