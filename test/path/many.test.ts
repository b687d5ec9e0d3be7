import type { OutsideCall } from 'local-cloud/faults.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { whenIdle } from '#test/faults/idle.ts';
import { brokenIn } from '#test/faults/in-the-end.ts';
import type { Setting } from '#test/faults/setting.ts';
import { prepareProcess } from '#test/faults/start-setting.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { startWorld, type World } from '#test/support/world.ts';

prepareProcess();

/** With the fewest runs that a configuration may have, check shares these among two messages. */
const count = Number(process.env.CARRIED ?? 4) * 2;
const ids = Array.from({ length: count }, (_, at) => `c${at}`);
const [victim, ...others] = ids as [string, ...string[]];

const text = stringify({
  home: { account: '123456789012', region: 'us-east-1' },
  issuers: {
    local: { type: 'acme', directory: 'https://ca.example/directory', termsOfServiceAgreed: true },
  },
  solvers: [{ type: 'route53' }],
  concurrency: { issue: 2, deploy: 2, verify: 2 },
  certificates: Object.fromEntries(
    ids.map((id) => [
      id,
      {
        names: [`${id}.example.com`],
        issuer: 'local',
        targets: [{ type: 'alb', listener: listenerArn('busy-alb'), certificate: 'sni' }],
      },
    ]),
  ),
});

const stages = ['issue', 'deploy', 'verify'] as const;
type Stage = (typeof stages)[number];

/** The requests of the first run of a stage that works on the victim beside others. */
function carrying(stage: Stage) {
  const calls: OutsideCall[] = [];
  return {
    calls,
    /** Says whether it is a call of that run; `calls` holds those so far. */
    saw(call: OutsideCall): boolean {
      if (call.caller !== stage || !call.run) return false;
      const isFirst = calls.length === 0 ? isAboutVictim(call) : call.run === calls[0]?.run;
      if (isFirst) calls.push(call);
      return isFirst;
    },
  };
}

/** Its records are the first that a run reads. */
function isAboutVictim({ input, service }: OutsideCall): boolean {
  return service === 's3' && JSON.stringify(input).includes(`/${victim}.json`);
}

const isProven = (world: World) => (id: string) =>
  world.hasRecord(id) &&
  Object.values(world.record(id).deployments).some(({ state }) => state === 'proven');

/** Lives with the schedules until all of these are proven, and returns how long it took. */
async function msUntilProven(world: World, wanted: readonly string[]): Promise<number> {
  const begunAt = world.clock.now().getTime();
  for (let ms = 0; ms < 3 * hourMs; ms += 5 * secondMs) {
    if (ms % (10 * minuteMs) === 0) world.dispatcher.invokeLater('check', {});
    // Begins what has become due as time passed. Waiting for all that runs would hide what hangs.
    void world.dispatcher.settle();
    await world.clock.sleep(5 * secondMs);
    if (wanted.every(isProven(world))) return world.clock.now().getTime() - begunAt;
  }
  throw new Error(`not proven: ${wanted.filter((id) => !isProven(world)(id)).join(', ')}`);
}

/** The bodies of all messages that were given up. */
function dead(world: World): readonly string[] {
  const queues = [...world.cloud.sqs.all()].filter(({ name }) => name.includes('dead'));
  return queues.flatMap((queue) => queue.receive({ max: 10 }).map(({ body }) => body));
}

async function inWorld<T>(play: (world: World) => Promise<T>): Promise<T> {
  const clock = virtualClock(undefined, whenIdle);
  const world = await startWorld(text, { clock, endsInTime: true });
  try {
    return await play(world);
  } finally {
    await world.close();
  }
}

/** Nothing goes wrong: how long it takes, and how many requests each carrying run makes. */
const usual = await inWorld(async (world) => {
  const runs = { issue: carrying('issue'), deploy: carrying('deploy'), verify: carrying('verify') };
  world.cloud.faults.watch = (call) => {
    for (const run of Object.values(runs)) run.saw(call);
  };
  const ms = await msUntilProven(world, ids);
  const sent = world.cloud.faults.calls.filter(({ operation }) => operation === 'SendMessage');
  const works = sent.map(({ input }) => JSON.parse((input as { MessageBody: string }).MessageBody));
  return { ms, works, calls: (stage: Stage) => runs[stage].calls.length };
});

test('check shares what is due among few messages, and so does each stage', () => {
  const sizes = Map.groupBy(usual.works, ({ kind }) => kind);
  const most = count / 2;
  for (const stage of stages) expect(sizes.get(stage)?.length, stage).toBeLessThanOrEqual(most);
});

/** The queues' own (infra/parts/queues.ts). */
const visibilityMs = 300 * secondMs;
/** A certificate that is worked on alone, in the turn of so many, and then on its way to its endpoint. */
const aloneMs = (count / 2) * 45 * secondMs + usual.ms;

/** What holds for every certificate once all is quiet. */
const setting: Setting = {
  ...{ name: 'many', summary: '', configText: text, past: [], renewed: ids, foreignTxt: [] },
  challengeNames: ids.map((id) => `_acme-challenge.${id}.example.com`),
  usualEvents: ['issued', 'served'],
  usualTroubles: [],
};

async function brokenLater(world: World): Promise<readonly string[]> {
  await world.live(2 * hourMs);
  return brokenIn({ world, setting, foreign: [] });
}

/** In one of so many requests of a run, spread over all of them. */
function someOf(calls: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(calls / most));
  const first = Math.floor(step / 2);
  return Array.from({ length: Math.ceil((calls - first) / step) }, (_, at) => first + at * step);
}

const most = Number(process.env.KILLS ?? (isFull ? 2 : 1));
const kills = (isFull ? stages : (['issue'] as const)).flatMap((stage) =>
  someOf(usual.calls(stage), most).map((at) => [stage, at] as const),
);

describe('a run that dies costs its certificates one visibility timeout', () => {
  test.each(kills)('%s at its request %i', { timeout: 120_000 }, async (stage, at) => {
    await inWorld(async (world) => {
      const run = carrying(stage);
      world.cloud.faults.add({
        when: (call) => run.saw(call) && run.calls.length === at + 1,
        fault: { do: 'kill-before' },
      });
      const ms = await msUntilProven(world, ids);
      expect(ms).toBeLessThanOrEqual(usual.ms + visibilityMs + aloneMs);
      expect(dead(world)).toEqual([]);
      expect(await brokenLater(world)).toEqual([]);
    });
  });
});

test('one that kills every run it is in costs the others one visibility timeout, and goes to the dead letters alone', async () => {
  await inWorld(async (world) => {
    world.cloud.faults.add({
      when: (call) =>
        call.caller === 'issue' && isAboutVictim(call) && call.operation === 'PutObject',
      fault: { do: 'kill-before' },
      times: Number.POSITIVE_INFINITY,
    });
    const ms = await msUntilProven(world, others);
    expect(ms).toBeLessThanOrEqual(usual.ms + visibilityMs + aloneMs);
    await world.live(hourMs);
    const given = dead(world).map((body) => JSON.parse(body));
    expect(given.length).toBeGreaterThan(0);
    const alone = { kind: 'issue', certificate: victim };
    for (const { died: _, ...work } of given) expect(work).toEqual(alone);
    world.cloud.faults.clear();
    await msUntilProven(world, [victim]);
  });
}, 120_000);

test('one that hangs holds up no other', async () => {
  await inWorld(async (world) => {
    const { clock, cloud } = world;
    let writes = 0;
    cloud.faults.add({
      when(call) {
        if (call.caller !== 'issue' || !isAboutVictim(call) || call.operation !== 'PutObject')
          return false;
        writes += 1;
        return writes === 4;
      },
      fault: { do: 'delay', ms: hourMs, clock },
    });
    expect(await msUntilProven(world, others)).toBeLessThanOrEqual(usual.ms + 30 * secondMs);
    await msUntilProven(world, [victim]);
    expect(dead(world)).toEqual([]);
  });
}, 120_000);
