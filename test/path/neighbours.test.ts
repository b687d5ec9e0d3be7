import type { Fault } from 'local-cloud/faults.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { dayMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { countJobs, whenIdle } from '#test/faults/idle.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

function line(id: string): string {
  return `  ${id}: {names: [${id}.example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn(id)}"}]}\n`;
}

const troubles: Readonly<Record<string, Fault & { readonly times?: number }>> = {
  denied: { do: 'refuse', code: 'AccessDenied', status: 403 },
  throttled: { do: 'throttle' },
  erring: { do: 'refuse', code: 'InternalFailure', status: 500 },
  killed: { do: 'kill-before', times: 1 },
};

function strike(
  id: string,
  { times = Number.POSITIVE_INFINITY, ...fault }: Fault & { readonly times?: number },
): void {
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      operation === 'ModifyListener' &&
      (input as { ListenerArn: string }).ListenerArn.includes(`/${id}/`),
    fault: fault as Fault,
    times,
  });
}

function since(start: number, instant: string | null | undefined): number {
  return (Date.parse(instant ?? '') - start) / secondMs;
}

/** How many seconds after a check a first deployment is proven, and after its change a renewal that is not served is put back. */
async function timesBeside(neighbours: readonly string[]) {
  countJobs();
  const all = ['broken', ...neighbours, 'fresh'];
  world = await startWorld(configText(all.map(line).join('')), {
    mayDeny: true,
    // Time stands still while calls are under way, and keys are made.
    clock: virtualClock(undefined, whenIdle),
  });
  let whole = '';
  await world.reconfigure((text) => {
    whole = text;
    const { certificates, ...rest } = parse(text);
    return stringify({ ...rest, certificates: { broken: certificates.broken } });
  });
  await world.check();
  world.clock.advance(61 * dayMs);
  world.cloud.balancers.stick('broken');
  for (const id of neighbours) strike(id, troubles[id] as Fault);
  await world.reconfigure(() => whole);
  const start = world.clock.now().getTime();
  await world.check();
  await world.live(40 * minuteMs);
  const fresh = Object.values(world.record('fresh').deployments)[0];
  const story = world.record('broken').history.filter(({ at }) => Date.parse(at) >= start);
  const changed = story.find(({ what }) => what.startsWith('importing onto'));
  const putBack = story.find(({ what }) => what === 'rolled-back');
  const states = neighbours.map((id) => Object.values(world.record(id).deployments)[0]);
  await world.close();
  const times = {
    fresh: since(start, fresh?.provenAt),
    putBack: since(Date.parse(changed?.at ?? ''), putBack?.at),
  };
  return { ...times, states };
}

test('a denied, a throttled and an erring listener hold up nobody else, and a killed run for one visibility timeout', {
  timeout: 240_000,
}, async () => {
  const alone = await timesBeside([]);
  const { killed: _, ...refused } = troubles;
  const beside = await timesBeside(Object.keys(refused));
  expect(beside.states.map((each) => each?.failure?.error)).toEqual([
    'ServiceDenied',
    'ServiceThrottled',
    'ServiceFailed',
  ]);
  expect(alone.putBack).toBeGreaterThan(0);
  expect(beside.fresh).toBeLessThanOrEqual(alone.fresh + 60);
  expect(beside.putBack).toBeLessThanOrEqual(alone.putBack + 60);
  const besideKilled = await timesBeside(['killed']);
  expect(besideKilled.states[0]?.state).toBe('proven');
  expect(besideKilled.fresh).toBeLessThanOrEqual(alone.fresh + visibilitySeconds + 60);
  expect(besideKilled.putBack).toBeLessThanOrEqual(alone.putBack + visibilitySeconds + 60);
});

/** A run works on several certificates, and its message comes back after this time (infra/parts/queues.ts). */
const visibilitySeconds = 300;
