import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, expect, test } from 'vitest';
import { queueNames } from '#shared/installation.ts';
import { usualExecutions } from '#shared/limits.ts';
import { type Work, workKey } from '#shared/queues/work.ts';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { countJobs, whenIdle } from '#test/faults/idle.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const place = '123456789012/us-east-1';
const target = `{type: alb, listener: "${listenerArn('leaked')}"}`;
const busyIds = ['busy-0', 'busy-1', 'busy-2'];
const source = configText(`
  leaked: {names: [leaked.example.com], issuer: local, targets: [${target}]}
${busyIds.map((id) => `  ${id}: {names: [${id}.example.com], issuer: local}\n`).join('')}`);
/** As long as a run may take, but for its last words. */
const runMs = 140 * secondMs;

/** Fills every event source mapping with runs that take their whole time. */
function occupyAll(): void {
  const begun = new Set<string>();
  world.cloud.faults.add({
    when({ caller, input, run }) {
      const key = String((input as { Key?: string } | null)?.Key);
      if (!run || caller === 'check' || !key.startsWith('certificates/busy-')) return false;
      if (begun.has(run)) return false;
      begun.add(run);
      return true;
    },
    fault: { do: 'delay', ms: runMs, clock: world.clock },
    times: Number.POSITIVE_INFINITY,
  });
  for (const kind of queueNames) {
    const queue = world.cloud.sqs.queue('us-east-1', `certkeep-${kind}.fifo`);
    for (const certificate of busyIds.slice(0, usualExecutions[kind])) {
      const work: Work = { kind, certificate, ...(kind === 'deploy' && { place }) } as Work;
      const [body, groupId] = [JSON.stringify(work), workKey(work)];
      queue?.send({ body, groupId, deduplicationId: `busy:${groupId}`, senderId: 'test' });
    }
  }
}

test('a forced renewal has its lease within two minutes though every mapping is busy, and so has its deploy', async () => {
  // Time stands still while calls are under way, and keys are made.
  countJobs();
  world = await startWorld(source, { clock: virtualClock(undefined, whenIdle) });
  await world.check();
  expect(Object.values(world.record('leaked').deployments)[0]?.state).toBe('proven');
  occupyAll();
  const asked = world.clock.now().getTime();
  await world.check({ certificates: ['leaked'], force: true, reason: 'the key leaked' });
  expect(world.clock.now().getTime() - asked).toBeGreaterThanOrEqual(runMs);
  const { history, versions } = world.record('leaked');
  const since = history.filter(({ at }) => Date.parse(at) >= asked);
  const at = (what: RegExp) =>
    Date.parse(since.find((each) => what.test(each.what))?.at ?? '') - asked;
  expect(at(/^attempt begun/)).toBeLessThanOrEqual(2 * minuteMs);
  const issuedAt = Date.parse(versions.at(-1)?.issuedAt ?? '') - asked;
  expect(issuedAt).toBeLessThan(runMs);
  expect(at(/^importing onto/) - issuedAt).toBeLessThanOrEqual(2 * minuteMs);
});

test('a person who asks for something else right after a force hears how things are now', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  const asked = async (wish: string, reason: string) => {
    const result = await world.dispatcher.invoke(`check:${wish}`, {
      certificates: ['shop'],
      reason,
    });
    await world.settle();
    return result.ok ? result.payload : result.error;
  };
  const began = world.clock.now().getTime();
  expect(await asked('force', 'the key leaked')).toMatchObject([{ action: 'issue' }]);
  expect(world.record('shop')).toMatchObject({ forced: null, versions: [{}, {}] });
  // The same container has read the record a moment ago.
  expect(world.clock.now().getTime() - began).toBeLessThan(5 * secondMs);
  const [line] = (await asked('retry', 'to see')) as [{ readonly action: string }];
  expect(line.action).not.toBe('issue');
});
