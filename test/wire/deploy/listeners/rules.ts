import type { Acted } from './acted.ts';
import {
  changesAreBounded,
  heldBackIsLeftAlone,
  nothingToDoIsNotDone,
  putRightWithinTheHour,
} from './rules/changes.ts';
import { noNameIsLost, nothingExpires, provenIsServed } from './rules/clients.ts';
import { oursLeavesTheList, theirsIsNotAdded, theirsStays } from './rules/holdings.ts';
import { provenWhereItCanBe, toldOnce, unprovenIsTold } from './rules/told.ts';
import type { Scene } from './scene.ts';

type Rule = (scene: Scene, acted: Acted, isLast: boolean) => readonly string[];

/** What holds after every act. */
export function violationsOf(scene: Scene, acted: Acted, isLast: boolean): readonly string[] {
  return rules.flatMap((rule) => rule(scene, acted, isLast));
}

const rules: readonly Rule[] = [
  provenIsServed,
  unprovenIsTold,
  toldOnce,
  nothingExpires,
  noNameIsLost,
  theirsStays,
  theirsIsNotAdded,
  oursLeavesTheList,
  changesAreBounded,
  nothingToDoIsNotDone,
  provenWhereItCanBe,
  putRightWithinTheHour,
  heldBackIsLeftAlone,
];
