import { isCovered } from '#shared/deploy/choice/covered-names.ts';
import { familyOf as keyFamilyOf } from '#shared/key-algorithm.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import type { Act } from '../act.ts';
import type { Acted } from '../acted.ts';
import { covers, type Handshaken, ownNames, type Scene } from '../scene.ts';
import {
  isExpired,
  isOwnClient,
  notReplaced,
  ofOurs,
  serialOf,
  shown,
  textOf,
  versionOf,
} from './seen.ts';

/** Six hours, a fifth more, and until check comes. */
const proofEveryMs = 7.5 * hourMs;

/** 1: what counts as proven is what clients of our key family get for each of our names. */
export function provenIsServed(scene: Scene, acted: Acted): readonly string[] {
  const version = versionOf(acted);
  if (acted.deployment?.state !== 'proven' || acted.act.do === 'contest') return [];
  // What somebody else has listed since is found by the next proof.
  if (new Date(acted.deployment.provenAt ?? 0) <= scene.touchedAt()) {
    return addMs(scene.touchedAt(), proofEveryMs) < scene.lab.clock.now()
      ? ['proven by a proof from before a change by hand']
      : [];
  }
  return ofOurs(scene, acted.after)
    .filter((each) => isOwnClient(each, version) && serialOf(each.leaf) !== version.serial)
    .map((each) => `proven, but ${shown(each)}`);
}

/** 1: an expired certificate only where it would be served without us as well, and was before. */
export function nothingExpires(scene: Scene, acted: Acted): readonly string[] {
  const { after, before, act } = acted;
  if (act.do === 'contest') return [];
  const version = versionOf(acted);
  const without = scene.served(scene.untouched());
  return after.flatMap((each, at) => {
    const isConcerned = each.family === null || isOwnClient(each, version);
    if (!isConcerned || !isExpired(scene, each.leaf)) return [];
    const others = [notReplaced(scene, acted, without[at]), act.change ? null : before[at]?.leaf];
    const valid = others.find(
      (leaf) => leaf && !isExpired(scene, leaf) && (each.name === null || covers(leaf, each.name)),
    );
    return valid ? [`${shown(each)}, which has expired, instead of ${textOf(valid)}`] : [];
  });
}

/** 2: who got a certificate for a name still gets one, unless it is ours by now and of another key family. */
export function noNameIsLost(scene: Scene, acted: Acted): readonly string[] {
  const { after, before, act } = acted;
  const version = versionOf(acted);
  const without = scene.served(scene.untouched());
  const own = ownNames(scene.story);
  return after.flatMap((each, at) => {
    const { name } = each;
    if (name === null || (each.leaf && covers(each.leaf, name))) return [];
    const isServed = own.includes(name) && isOwnClient(each, version);
    if (isCovered(name, scene.story.names) && each.family !== null && !isServed) return [];
    const others = [notReplaced(scene, acted, without[at]), act.change ? null : before[at]?.leaf];
    const lost = others.find((leaf) => leaf && covers(leaf, name));
    return lost ? [`${shown(each)}, and lost ${textOf(lost)}`] : [];
  });
}

/** Clients that had a good certificate for their name before the act and have none in the middle of it. */
export function gapsIn(
  scene: Scene,
  before: readonly Handshaken[],
  now: readonly Handshaken[],
  act: Act,
): readonly string[] {
  const family = act.do === 'issue' ? keyFamilyOf(act.key) : null;
  return now.flatMap((each, at) => {
    const was = before[at]?.leaf;
    const { name } = each;
    if (name === null || !was || isExpired(scene, was) || !covers(was, name)) return [];
    if (each.leaf && covers(each.leaf, name) && !isExpired(scene, each.leaf)) return [];
    // Which family ours is, the configuration says; under a wildcard of ours a special name of others may answer.
    const isServed = ownNames(scene.story).includes(name) && each.family === family;
    if (isCovered(name, scene.story.names) && each.family !== null && !isServed) return [];
    return [`in the middle ${shown(each)}, and lost ${textOf(was)}`];
  });
}
