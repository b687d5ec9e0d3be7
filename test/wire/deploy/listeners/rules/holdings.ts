import type { Acted } from '../acted.ts';
import type { Scene } from '../scene.ts';
import { named, replacedBefore } from './seen.ts';

/** 3 */
export function theirsStays(scene: Scene, acted: Acted): readonly string[] {
  if (acted.act.do === 'contest') return [];
  const { held } = acted;
  const untouched = scene.untouched();
  const replaced = replacedBefore(acted);
  const gone = untouched.list.filter((arn) => !held.list.includes(arn) && !replaced.has(arn));
  const standard = untouched.default;
  const isGone = held.default !== standard && !replaced.has(standard);
  return [
    ...gone.map((arn) => `${named(scene, arn)} has left the list`),
    ...(isGone ? [`the default is ${named(scene, held.default)}`] : []),
  ];
}

export function theirsIsNotAdded(scene: Scene, { held, act }: Acted): readonly string[] {
  if (act.do === 'contest') return [];
  const { foreign } = scene;
  const untouched = scene.untouched();
  const added = held.list.filter((arn) => foreign.includes(arn) && !untouched.list.includes(arn));
  const standard = held.default as string;
  const isOther = foreign.includes(standard) && standard !== untouched.default;
  return [
    ...added.map((arn) => `${named(scene, arn)} has come into the list`),
    ...(isOther ? [`${named(scene, standard)} has become the default`] : []),
  ];
}

/** 3: once proven, what stands in the list of ours is what the position says. */
export function oursLeavesTheList(scene: Scene, acted: Acted): readonly string[] {
  const { held, deployment, position, act, isTouched } = acted;
  if (deployment?.state !== 'proven' || act.do === 'contest' || isTouched) return [];
  const ours = held.list.filter((arn) => !scene.foreign.includes(arn));
  // The default cannot be taken out of the list, wherever it was before.
  const allowed = position === 'default' && held.default !== deployment.arn ? [] : [deployment.arn];
  const astray = ours.filter((arn) => !allowed.includes(arn));
  const isNew = position === 'default' && !acted.heldBefore.list.includes(deployment.arn ?? '');
  const added = isNew ? ours.filter((arn) => arn === deployment.arn) : [];
  return [...astray, ...added].map((arn) => `${arn} of ours stands in the list`);
}
