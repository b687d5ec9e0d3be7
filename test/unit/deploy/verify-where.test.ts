import { beforeEach, expect, test } from 'vitest';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import { CertkeepError } from '#shared/errors.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
});

async function deployment() {
  const found = (await stage.record()).deployments[stage.target.key];
  if (!found) throw new Error('there is no deployment');
  return found;
}

/** As in a record from before it was kept. */
async function forgetWhere(): Promise<void> {
  await stage.ledger.update('shop', (record) => {
    const deployments = Object.entries(record.deployments).map(([key, each]) => {
      const { endpoint: _, ...rest } = each;
      return [key, rest] as const;
    });
    return { ...record, deployments: Object.fromEntries(deployments) };
  });
}

async function looksOf(work: () => Promise<unknown>): Promise<number> {
  const before = stage.target.looks;
  await work();
  return stage.target.looks - before;
}

function throttled(): Error {
  return new CertkeepError('ServiceThrottled', 'ELB: Rate exceeded', { stage: 'rebind' });
}

test('an endpoint is asked where deploy found it, without a look at the load balancer', async () => {
  expect(await looksOf(stage.verify)).toBe(0);
  stage.clock.advance(8 * hourMs);
  expect(await looksOf(stage.verify)).toBe(0);
  expect(await stage.states()).toEqual(['proven']);
});

test('a listener that is gone is found missing within a day, though something still answers where it was', async () => {
  await stage.verify();
  const look = () =>
    Promise.reject(new CertkeepError('ListenerNotFound', 'ELB: there is no listener'));
  Object.assign(stage.target, { look });
  for (let hours = 0; hours < 24; hours += 8) {
    expect(await stage.states()).toEqual(['proven']);
    stage.clock.advance(8 * hourMs);
    await stage.verify();
  }
  expect(await stage.states()).toEqual(['unknown']);
  expect((await deployment()).probe?.detail).toContain('there is no listener');
  expect((await deployment()).failure?.error).toBe('ListenerNotFound');
});

test('an unknown endpoint is looked up once, however often it is asked', async () => {
  await forgetWhere();
  stage.spoil(stage.target.key, 'F0');
  const looks = await looksOf(async () => {
    const verified = stage.verify();
    void stage.clock.sleep(20_000).then(() => stage.heal(stage.target.key));
    await verified;
  });
  expect(looks).toBe(1);
  expect((await deployment()).endpoint).toMatchObject(stage.target.endpoint);
});

test('a listener that could not be looked at is looked at again', async () => {
  await forgetWhere();
  stage.target.refuseNextLook(new Error('not now'));
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('a load balancer that was made anew is found at its new host', async () => {
  await stage.verify();
  stage.target.move();
  stage.clock.advance(8 * hourMs);
  await stage.verify();
  expect(await deployment()).toMatchObject({
    state: 'proven',
    endpoint: stage.target.endpoint,
    probe: { host: stage.target.endpoint.host },
  });
});

test('a contradiction is believed after one fresh look', async () => {
  stage.spoil(stage.target.key, 'F0');
  expect(await looksOf(stage.verify)).toBe(1);
  expect(await stage.states()).toEqual(['contradicted']);
});

test('a look that is throttled is no answer: it comes later, and nobody is told', async () => {
  await stage.verify();
  stage.clock.advance(8 * hourMs);
  stage.spoil(stage.target.key, 'F0');
  for (let round = 0; round < 5; round += 1) {
    const looks = Array.from({ length: 60 }, throttled);
    stage.target.look = () => Promise.reject(looks.pop());
    await stage.verify();
    expect(await deployment()).toMatchObject({ state: 'proven', failure: null });
    stage.clock.advance(10 * minuteMs);
  }
  expect(stage.told()).toEqual(['served']);
});

test('proofs that came together do not fall due together', async () => {
  stage = deployStage({ kinds: Array.from({ length: 40 }, () => 'default') });
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  const record = await stage.record();
  const now = stage.clock.now().getTime();
  const dueIn = (ms: number) => verifyDue(record, stage.targets, new Date(now + ms)).length;
  expect(dueIn(4.8 * hourMs - minuteMs)).toBe(0);
  expect(dueIn(7.2 * hourMs)).toBe(40);
  for (let after = 4.8 * hourMs; after < 7.2 * hourMs; after += 0.24 * hourMs) {
    expect(dueIn(after + 0.24 * hourMs) - dueIn(after)).toBeLessThanOrEqual(6);
  }
});

test('a node that lags behind with a certificate that is valid for days is given its time', async () => {
  Object.assign(stage.ports.settings, { spreadMs: 15 * minuteMs });
  stage.spoil(stage.target.key, 'F0');
  stage.clock.advance(10 * minuteMs);
  await stage.verify();
  expect(await stage.states()).toEqual(['awaiting-proof']);
  stage.heal(stage.target.key);
  stage.clock.advance(minuteMs);
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});
