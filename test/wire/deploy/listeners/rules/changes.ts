import type { Acted } from '../acted.ts';
import type { Scene } from '../scene.ts';
import { obstaclesOf } from './obstacle.ts';

const roundsADay = 8;

/** 4 */
export function changesAreBounded(
  _: Scene,
  { changes, act, heldBefore }: Acted,
): readonly string[] {
  const most = act.do === 'contest' || act.isStuck ? Number.POSITIVE_INFINITY : 6;
  const calls = changes.map(({ operation, arn }) => `${operation} ${arn.slice(-4)}`);
  const doubles = heldBefore.list.length;
  const found: string[] = [];
  if (changes.length > most + Math.min(2, doubles))
    found.push(`${changes.length} changes: ${calls}`);
  const rounds = changes.filter(({ operation }) => /^(Modify|Set|Add)/.test(operation));
  for (const operation of new Set(rounds.map((each) => each.operation))) {
    const count = rounds.filter((each) => each.operation === operation).length;
    if (count > 2 * roundsADay + 1) found.push(`${operation} ${count} times within a day`);
    if (act.do === 'contest' && count > roundsADay + 1) found.push(`${operation} ${count} times`);
  }
  return found;
}

/** 4: a listener that holds what it is to hold is left alone. */
export function nothingToDoIsNotDone(_: Scene, acted: Acted): readonly string[] {
  const { act, changes, deploymentBefore, deployment, isTouched } = acted;
  const isCalm = act.do === 'wait' || act.do === 'issue';
  if (!isCalm || act.isStuck || isTouched) return [];
  const isSame = deploymentBefore?.state === 'proven' && deploymentBefore.arn === deployment?.arn;
  return isSame && changes.length > 0 ? [`${changes.length} changes of what was right`] : [];
}

export function putRightWithinTheHour(_: Scene, { isLeft }: Acted): readonly string[] {
  return isLeft ? ['a change by hand was neither put right nor told within the hour'] : [];
}

/** What may not be bound is not: neither half of it, nor for a try. A renewal of what is there is never held back. */
export function heldBackIsLeftAlone(scene: Scene, acted: Acted): readonly string[] {
  const { act, changes, heldBefore, isTouched } = acted;
  const isOurs = (arn: string | null) => arn !== null && !scene.foreign.includes(arn);
  const isRenewal = [heldBefore.default, ...heldBefore.list].some(isOurs);
  if (act.do !== 'issue' || isTouched || isRenewal || changes.length === 0) return [];
  const [obstacle] = obstaclesOf(scene, acted, heldBefore);
  return obstacle ? [`${changes.length} changes in spite of ${obstacle}`] : [];
}
