import { systemClock } from '#shared/time/clock.ts';
import type { Standing } from '../output/stage-block.ts';
import { recordOf } from '../report.ts';
import { allSettled, beginningOf, type Played, runFleet } from '../run.ts';
import type { Setting } from '../setting.ts';
import { stageNow } from '../stage-now.ts';
import { debtsOf, isDebtOf, isOver, targetsBy } from './debt.ts';
import { type Everywhere, wrongWith } from './outcome.ts';
import { debtText, targetTable } from './pages.ts';
import { refuseRegion } from './refusal.ts';

/** Neither the home region nor one with a copy: what it refuses is a deploy. */
export const refusedRegion = 'ap-southeast-2';

export type Stage = {
  readonly setting: Setting;
  readonly width: () => number;
  onStandings(standings: readonly Standing[]): void;
  print(text: string): void;
};

/**
 * One renewal in two acts: a region refuses every call while the certificate is issued and goes to all other targets; then
 * the region answers again, and certkeep catches up by itself.
 */
export async function playEverywhere(stage: Stage): Promise<Everywhere & Pick<Played, 'ok'>> {
  const { print, setting, width } = stage;
  const refusal = refuseRegion(setting.cloud.faults, refusedRegion);
  const beginning = beginningOf(setting);
  const standings = () => stage.onStandings(standingsOfTargets(setting));
  print(`Act 1: ${refusedRegion} refuses every call, as in an outage.`);
  const isDone = () => isDebtOf(setting, refusedRegion);
  const first = await runFleet(setting, standings, { beginning, isDone });
  const conditions = debtsOf(setting);
  print(`\n${targetTable(first.certificates, width())}\n`);
  print(`${debtText(conditions, width())}\n`);
  const calls = refusal.calls();
  refusal.end();
  print(`Act 2: ${refusedRegion} answers again, after it has refused ${calls} calls.`);
  const answersAt = systemClock.now().getTime();
  const isWell = () => allSettled(setting) && isOver(setting, refusedRegion);
  const played = await runFleet(setting, standings, { beginning, isDone: isWell });
  const caughtUpAfterMs = played.ok ? provenAt(setting, refusedRegion) - answersAt : null;
  const meanwhile = first.certificates;
  const refused = { region: refusedRegion, calls, meanwhile, conditions, caughtUpAfterMs };
  const orders = setting.cloud.ca
    .ledger()
    .orders.map(({ finalizedTimes, names, serial }) => ({ finalizedTimes, names, serial }));
  const everywhere = { played, orders, refused };
  return { ...everywhere, ok: played.ok && wrongWith(everywhere).length === 0 };
}

/** Where each target stands now. */
function standingsOfTargets(setting: Setting): readonly Standing[] {
  const { config } = setting;
  return config.certificates.flatMap((certificate) => {
    const record = recordOf(setting, certificate.id);
    return certificate.targets.map((target) => {
      const alone = { id: certificate.id, targets: [target] };
      return { id: target.type, ...stageNow(record, alone, config) };
    });
  });
}

/** The time of the last proof in the region, in milliseconds since 1970. */
function provenAt(setting: Setting, region: string): number {
  const proofs = setting.config.certificates.flatMap((certificate) => {
    const { deployments } = recordOf(setting, certificate.id);
    const { refused } = targetsBy(setting, certificate, region);
    return refused.map(({ key }) => Date.parse(deployments[key]?.provenAt ?? ''));
  });
  return Math.max(...proofs);
}
