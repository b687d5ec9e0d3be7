import { S3Client } from '@aws-sdk/client-s3';
import { hashOf, randomOf, seedJitter } from 'local-cloud/kit/determinism.ts';
import { sceneryClient } from 'local-cloud/operator.ts';
import { writeWholeRecords } from '#scripts/go-back/whole-records.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import type { Release, World } from '#test/support/world.ts';
import { thisRelease } from '#test/support/world.ts';
import { callNames, type NamedCall } from '../calls.ts';
import { brokenIn, toldForNothing } from '../in-the-end.ts';
import { observe } from '../observe.ts';
import { play, step } from '../play.ts';
import type { Setting } from '../setting.ts';
import { startSetting } from '../start-setting.ts';

/** `forward` upgrades from the previous release; `back` returns to it and upgrades again. */
export type Way = 'forward' | 'back';

/** The point at which the other release comes, and whether the run at work then continues with the code that it had. */
export type Turn = {
  readonly way: Way;
  /** The `id` of a call (faults/calls.ts); null for a drill without a change of release, which shows the calls. */
  readonly at: string | null;
  readonly run: 'goes-on' | 'dies';
};

export type Drilled = {
  readonly calls: readonly NamedCall[];
  readonly violations: readonly string[];
  readonly turned: boolean;
  /** The number of imports of certificates, without those that prove rights. */
  readonly imports: number;
};

/** Longer than any lease. */
const untilLeasesEnd = 30 * minuteMs;

/** Plays a setting in which one release replaces the other at a call, and returns what is broken in the end. */
export async function drill(setting: Setting, before: Release, turn: Turn): Promise<Drilled> {
  seedJitter(randomOf(hashOf(`${turn.way} ${turn.at} ${turn.run}`)));
  const names = callNames(setting.name);
  const world = await startSetting(
    setting,
    (run) => names.begin(run.functionName, run.event),
    before,
  );
  try {
    world.clock.advance(minuteMs);
    // The past is in the format of this release, which the previous one cannot read.
    await makeWhole(world);
    // To go back, this release must have been there: it does the work that is due, over the records of the previous one.
    if (turn.way === 'back') world.install(thisRelease);
    const observation = observe(world, setting.foreignTxt);
    const turned = Promise.withResolvers<void>();
    let hasTurned = false;
    world.cloud.faults.add({
      when(call) {
        const named = names.name(call);
        observation.look();
        if (hasTurned || named === null || named.id !== turn.at) return false;
        hasTurned = true;
        if (turn.way === 'forward') world.install(thisRelease);
        turned.resolve();
        return turn.run === 'dies';
      },
      fault: { do: 'kill-after' },
    });
    let isBack = false;
    const quiet = async () => {
      await world.dispatcher.settle();
      if (turn.way === 'back' && hasTurned && !isBack) {
        isBack = true;
        await goBack(world, before);
      }
      setting.meanwhile?.(world);
    };
    await play(world, quiet);
    if (isBack) {
      world.install(thisRelease);
      await step(world, hourMs, quiet);
      await play(world, quiet);
    }
    observation.look();
    return {
      calls: names.seen,
      violations: [
        ...observation.breaches,
        ...(await brokenIn({ world, setting, foreign: setting.foreignTxt })),
        ...toldForNothing(world, {
          usualEvents: [...setting.usualEvents, ...ofDelays],
          usualTroubles: [...setting.usualTroubles, ...troublesOfDelays],
        }),
      ],
      turned: hasTurned,
      imports: names.seen.filter(
        ({ certificate, operation }) => certificate !== '' && operation === 'ImportCertificate',
      ).length,
    };
  } finally {
    await world.close();
  }
}

/** Follows the runbook: the functions are stopped, the records made whole, and the previous release is deployed. */
async function goBack(world: World, before: Release): Promise<void> {
  const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
  stop(world, { Version: '2012-10-17', Statement: [deny] });
  world.clock.advance(untilLeasesEnd);
  await world.dispatcher.settle();
  await makeWhole(world);
  world.install(before);
  stop(world, null);
}

function stop({ cloud }: World, policy: Readonly<Record<string, unknown>> | null): void {
  for (const { roleArn } of cloud.lambda.functions.values()) {
    cloud.roles.putRolePolicy(roleArn, 'stopped', policy);
  }
}

async function makeWhole({ clock, cloud, landscape, names }: World): Promise<void> {
  const { account, region } = landscape.config.home;
  const client = new S3Client({ ...sceneryClient(cloud, region), forcePathStyle: true });
  const objects = s3ObjectStore({ client, bucket: names.bucket, owner: account, clock });
  const done = await writeWholeRecords({ objects, clock, say: () => undefined });
  if ('held' in done) throw new Error(`a lease is held: ${done.held.join(', ')}`);
}

/** The lease of a run that dies stays: copies may be behind for as long. */
const ofDelays = ['region-behind', 'region-in-sync'];
/** A listener that somebody has changed may be found by its endpoint first, while nobody looks at listeners. */
const troublesOfDelays = ['RegionBehind', 'EndpointContradicted'];
