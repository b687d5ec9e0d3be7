import type { Acted } from '../acted.ts';
import type { Scene } from '../scene.ts';
import { obstaclesOf, reasons } from './obstacle.ts';

export function unprovenIsTold(
  _: Scene,
  { deployment, events, isTouched, act }: Acted,
): readonly string[] {
  if (!deployment || deployment.state === 'proven' || act.do !== 'issue' || isTouched) return [];
  if (deployment.state === 'awaiting-proof') return ['still awaiting proof after hours'];
  const failure = deployment.failure;
  if (failure && events.some(({ type }) => type !== 'served')) return [];
  return [`${deployment.state} (${failure?.error}) and nobody was told`];
}

/** What holds a binding back is told once, with the certificate that does. */
export function toldOnce(_: Scene, { events }: Acted): readonly string[] {
  const held = events.filter(({ details }) => details.error === 'NameServedByAnother');
  const messages = held.map(({ details }) => String(details.message));
  const twice = messages.filter((each, at) => messages.indexOf(each) !== at);
  const nameless = messages.filter((each) => !each.includes('arn:aws:acm:'));
  return [
    ...twice.map((each) => `told twice: ${each}`),
    ...nameless.map((each) => `names no certificate: ${each}`),
  ];
}

/** 5: what nothing stands in the way of is proven; what holds it back is what the record says. */
export function provenWhereItCanBe(scene: Scene, acted: Acted, isLast: boolean): readonly string[] {
  const { deployment, act, isTouched } = acted;
  if (!isLast || act.do === 'contest' || deployment?.state === 'proven') return [];
  // Somebody has changed something since the last try: the next one is a day later at most.
  const nextTry = deployment?.failure?.nextAttemptAt;
  if (isTouched && nextTry && new Date(nextTry) > scene.lab.clock.now()) return [];
  const obstacles = obstaclesOf(scene, acted);
  const reason = `${deployment?.state}: ${deployment?.failure?.error} ${deployment?.failure?.message}`;
  if (obstacles.length === 0) return [`could be proven, but is ${reason}`];
  const expected: readonly string[] = obstacles.flatMap((each) => reasons[each]);
  const isSaid = expected.includes(deployment?.failure?.error ?? '');
  return isSaid || isTouched ? [] : [`held back by ${obstacles.join(', ')}, but is ${reason}`];
}
