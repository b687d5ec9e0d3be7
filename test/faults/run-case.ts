import type { OutsideCall } from 'local-cloud/faults.ts';
import { hashOf, randomOf, seedJitter } from 'local-cloud/kit/determinism.ts';
import { minuteMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';
import type { StartedRun } from '#test/support/world-functions.ts';
import { callNames, type NamedCall } from './calls.ts';
import { brokenIn, toldForNothing } from './in-the-end.ts';
import { faultKinds, isSilent } from './kinds.ts';
import { observe } from './observe.ts';
import { play } from './play.ts';
import { rivalsOf } from './rivals.ts';
import type { Setting } from './setting.ts';
import { settingNamed } from './settings.ts';
import { startSetting } from './start-setting.ts';
import { type Case, nameOf, type Strike } from './strike.ts';
import { freeze } from './successors.ts';

export type Played = {
  /** The calls in the order of arrival. */
  readonly calls: readonly NamedCall[];
  readonly violations: readonly string[];
  /** One entry for each strike; false when its call did not come. */
  readonly struck: readonly boolean[];
};

/** Plays a setting with these strikes, and returns what is broken in the end. The same seed gives the same play. */
export async function runCase({ setting: name, seed, strikes }: Case): Promise<Played> {
  const setting = settingNamed(name);
  seedJitter(randomOf(seed + hashOf(strikes.map(nameOf).join())));
  const names = callNames(setting.name);
  const mistakes: string[] = [];
  const warned = (warning: Error) => {
    if (!isRedelivery(warning)) mistakes.push(`the local cloud: ${warning.message}`);
  };
  process.on('warning', warned);
  const running = new Map<string, StartedRun>();
  const world = await startSetting(setting, (run) => {
    running.set(run.functionName, run);
    names.begin(run.functionName, run.event);
  });
  try {
    world.clock.advance(minuteMs);
    const rivals = rivalsOf(world);
    const observation = observe(world, setting.foreignTxt);
    let arriving: NamedCall | null = null;
    world.cloud.faults.watch = (call) => {
      arriving = names.name(call);
      observation.look();
    };
    const ice = { melting: Promise.resolve() };
    const armed = strikes.map((strike) =>
      arm(
        world,
        { ...strike, seed },
        {
          arriving: () => arriving,
          running: () => running.get(strike.call.functionName),
          ice,
          rivals,
        },
      ),
    );
    await play(world, async () => {
      await world.dispatcher.settle();
      await ice.melting;
      await world.dispatcher.settle();
      setting.meanwhile?.(world);
    });
    observation.look();
    await checkOnceMore(world);
    const broken = [
      ...observation.breaches,
      ...rivals.lost(),
      ...world
        .denied()
        .filter((denial) => !isMeant(denial))
        .map((denial) => `the template denies ${denial}`),
      ...(await brokenIn({ world, setting, foreign: [...setting.foreignTxt, ...rivals.txt] })),
    ];
    return {
      calls: names.seen,
      violations: [...broken, ...mistakes, ...alarms(world, setting, strikes)],
      struck: armed.map(({ isStruck }) => isStruck()),
    };
  } finally {
    process.off('warning', warned);
    await world.close();
  }
}

/** What struck the last check, or the messages after it, is mended by the next one, which nothing strikes. */
async function checkOnceMore(world: World): Promise<void> {
  world.cloud.faults.clear();
  world.cloud.faults.watch = () => undefined;
  world.clock.advance(10 * minuteMs);
  await world.check();
}

/**
 * The function that answers challenges may not list the bucket: for a missing object S3 answers 403, which stands for 404
 * (answer-challenge.ts).
 */
function isMeant(denial: string): boolean {
  return /-challenge s3:ListBucket /.test(denial);
}

/** A message comes again if its run has waited behind a frozen one for longer than the message is hidden. */
function isRedelivery({ message }: Error): boolean {
  return / delivers \S+ again: .*The receipt handle has expired/.test(message);
}

/** Returns what machines or people were told although nothing was wrong for longer than a moment. */
function alarms(world: World, setting: Setting, strikes: readonly Strike[]): readonly string[] {
  return strikes.every(isSilent) ? toldForNothing(world, setting) : [];
}

type Scene = {
  readonly arriving: () => NamedCall | null;
  readonly running: () => StartedRun | undefined;
  readonly ice: { melting: Promise<void> };
  readonly rivals: ReturnType<typeof rivalsOf>;
};

function arm(world: World, strike: Strike & { readonly seed: number }, scene: Scene) {
  const { call, seed } = strike;
  const kind = faultKinds.find(({ name }) => name === strike.fault);
  if (!kind) throw new Error(`there is no fault ${strike.fault}`);
  let struck: OutsideCall | null = null;
  let group: string | null = null;
  const means = {
    clock: world.clock,
    random: randomOf(seed + hashOf(nameOf(strike))),
    thawed() {
      const run = scene.running();
      if (run) scene.ice.melting = freeze(world, run);
      return scene.ice.melting;
    },
    async rival() {
      if (struck) await scene.rivals.act(struck);
    },
  };
  world.cloud.faults.add({
    when(asked) {
      const named = scene.arriving();
      // A fault that strikes several times strikes one run.
      if (!named || (group === null ? !isItsTurn(named, call) : named.group !== group))
        return false;
      group = named.group;
      struck = asked;
      return true;
    },
    fault: kind.fault(call, means),
    times: kind.times(call),
  });
  return { isStruck: () => struck !== null };
}

/**
 * Beside other faults a run may not come to this call, or another run comes to it, which repeats or takes over the work: then the
 * call is the one with the same number among all runs of its function on the same subject.
 */
function isItsTurn(named: NamedCall, call: NamedCall): boolean {
  const isOfRun = named.group === call.group && named.occurrence >= call.occurrence;
  return isOfRun || (named.about === call.about && named.nth >= call.nth);
}
