import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { Position } from '#shared/targets/target.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { home } from '#test/support/deploy-lab.ts';
import { place } from '#test/support/deploy-world.ts';
import type { Scene } from './scene.ts';

const checkEveryMs = 10 * minuteMs;
const lookEveryMs = hourMs;

/**
 * As check, the queues and the schedule would have it: deploy and verify whenever they are due, a look at the listener
 * every hour. Time in which nothing is due is passed over. `tick` is told of each step.
 */
export async function live(
  scene: Scene,
  position: Position,
  forMs: number,
  tick: () => void = () => undefined,
): Promise<void> {
  const { lab, world, targetAt } = scene;
  const { clock } = lab;
  const until = addMs(clock.now(), forMs);
  const identity = identityOf(targetAt(position), home, 'shop');
  let lookAt = addMs(clock.now(), lookEveryMs);
  while (clock.now() < until) {
    tick();
    await settle(scene, identity);
    if (clock.now() >= lookAt) {
      await world.look();
      lookAt = addMs(clock.now(), lookEveryMs);
      // Which sends deploy a message where it found something.
      await world.deploy();
    }
    const next = nextDue(await world.record(), identity, clock.now());
    const sooner = Math.min(next ?? Number.POSITIVE_INFINITY, lookAt.getTime(), until.getTime());
    const waitMs = Math.ceil((sooner - clock.now().getTime()) / checkEveryMs) * checkEveryMs;
    await clock.sleep(Math.max(checkEveryMs, waitMs));
  }
}

type Identity = ReturnType<typeof identityOf>;
type Record_ = Awaited<ReturnType<Scene['world']['record']>>;

/** What sends the other one a message has it run at once. */
async function settle({ lab, world }: Scene, identity: Identity): Promise<void> {
  for (let turns = 0; turns < 6; turns += 1) {
    const record = await world.record();
    const now = lab.clock.now();
    const decision = decideDeploy({ rollout: null, record, targets: [identity], place, now });
    if (decision.outcome === 'due') await world.deploy();
    else if (verifyDue(record, [identity], now).length > 0) await world.verify();
    else return;
  }
}

function nextDue(record: Record_, identity: Identity, now: Date): number | null {
  const decision = decideDeploy({ rollout: null, record, targets: [identity], place, now });
  const probe = record.deployments[identity.key]?.nextProbeAt;
  const retired = record.imports[place]?.retired.map(({ lookAgainAt }) => Date.parse(lookAgainAt));
  const times = [
    decision.outcome === 'waiting' ? decision.until.getTime() : null,
    probe ? Date.parse(probe) : null,
    ...(retired ?? []),
  ].filter((each) => each !== null);
  return times.length > 0 ? Math.min(...times) : null;
}
