import { identityOf } from '#shared/targets/identities.ts';
import type { Position } from '#shared/targets/target.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { home } from '#test/support/deploy-lab.ts';
import type { Act } from './act.ts';
import { live } from './live.ts';
import type { Scene } from './scene.ts';

/** `left` where a change by hand was neither put right nor told within the hour. */
export async function carryOut(
  scene: Scene,
  act: Act,
  { at, position }: { readonly at: number; readonly position: Position },
): Promise<'left' | null> {
  const { world } = scene;
  switch (act.do) {
    case 'issue':
      await world.issue(`v${at + 1}`, act.key);
      await issued(scene, act, position);
      return null;
    case 'by-hand':
      if (act.change) scene.change(act.change);
      await live(scene, position, 80 * minuteMs);
      if (act.change && (await isLeft(scene, position))) return 'left';
      await live(scene, position, 9 * hourMs);
      return null;
    case 'contest': {
      const { change } = act;
      await live(scene, position, 24 * hourMs, () => change && scene.change(change));
      return null;
    }
    case 'move':
      world.moveTo([scene.targetAt(act.position)]);
      await live(scene, position, 3 * hourMs);
      return null;
    case 'wait':
      await live(scene, position, act.hours * hourMs);
      return null;
  }
}

async function issued(scene: Scene, act: Act, position: Position): Promise<void> {
  const { balancers } = scene.lab;
  if (act.isStuck) balancers.stick('shop');
  if (act.diesAfter) await scene.world.deploy(act.diesAfter);
  if (act.isStuck) await live(scene, position, 30 * minuteMs);
  if (act.isStuck) balancers.unstick('shop');
  // A change by hand is found by the next proof at the latest, within some eight hours.
  await live(scene, position, act.change ? 10 * hourMs : 4 * hourMs);
}

/** A listener that serves ours no more, of which nothing is known yet. */
async function isLeft(scene: Scene, position: Position): Promise<boolean> {
  const deployment = await deploymentAt(scene, position);
  const held = scene.held();
  const isThere =
    position === 'sni'
      ? [held.default, ...held.list].includes(deployment?.arn ?? '')
      : held.default === deployment?.arn;
  return deployment?.state === 'proven' && !isThere;
}

export async function deploymentAt({ world, targetAt }: Scene, position: Position) {
  return (await world.record()).deployments[identityOf(targetAt(position), home, 'shop').key];
}
