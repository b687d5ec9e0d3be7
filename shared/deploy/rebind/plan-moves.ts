import { familyOf } from '#shared/key-algorithm.ts';
import type { Change } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { nextStep } from '#shared/targets/next-step.ts';
import type { Arrangement, TargetView } from '#shared/targets/target.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import { checkRivals } from '../choice/hold-back.ts';
import { candidateOf } from '../choice/holdings.ts';
import { movedSibling, withSibling } from '../choice/sibling.ts';
import { type DeployContext, type Look, listenerOf } from '../context.ts';
import { isOfThis, markAt } from '../import/mark.ts';
import {
  type HeldAt,
  heldOnce,
  keepNames,
  previousOf,
  type Replaced,
  replacedAt,
  supersededBy,
} from '../import/replaced.ts';
import { askEndpoint, baselineOf, servedEndOf } from '../probe/ask.ts';
import { failing } from '../record-failure.ts';
import type { Intent } from '../rollback/previous-state.ts';
import { servedAt } from '../served-at.ts';
import { arrangementOf, leavingList, replacedDefault } from './arrangement.ts';
import { recentChanges } from './contested.ts';
import { diagnose } from './diagnose.ts';
import { failureOf } from './look.ts';
import { puttingRight } from './put-right.ts';
import { checkStaging } from './staging.ts';

/** A change of one listener, decided before any of them is made. */
export type Move = {
  readonly look: Look;
  readonly wanted: Arrangement;
  readonly intent: Intent;
};

export type Moves = {
  readonly moves: readonly Move[];
  /** What is to be written of the others: nothing is to be changed there, or it may not be. */
  readonly changes: readonly Change[];
};

export async function planMoves(
  run: DeployContext,
  record: CertificateRecord,
  looks: readonly Look[],
  arn: string,
): Promise<Moves> {
  const heldAt = heldOnce(run.acm, record);
  const planned = await Promise.allSettled(
    looks.map((look) => planMove(run, record, { look, arn, heldAt })),
  );
  const moves: Move[] = [];
  const changes: Change[] = [];
  const served = await servedAt(
    run,
    looks.filter((_, index) => planned[index]?.status === 'rejected'),
  );
  for (const [index, { target, view }] of looks.entries()) {
    const result = planned[index] as (typeof planned)[number];
    if (result.status === 'rejected') {
      changes.push(failing(run, { ...failureOf(target.key, view.name, result.reason), served }));
    } else if (typeof result.value === 'function') changes.push(result.value);
    else moves.push(result.value);
  }
  return { moves, changes };
}

type Planning = { readonly look: Look; readonly arn: string; readonly heldAt: HeldAt };

/** @throws CertkeepError NamesWouldBeLost, NameServedByAnother, StagingWouldReplace, ListenerContested */
async function planMove(
  run: DeployContext,
  record: CertificateRecord,
  planning: Planning,
): Promise<Move | Change> {
  const { look, arn, heldAt } = planning;
  const { view } = look;
  const superseded = await ownAmong(run, supersededBy(record, run, arn), view);
  const listener = listenerOf(look);
  const sibling = await movedSibling(run, look, replacedDefault(listener, arn));
  const wanted = withSibling(
    arrangementOf(listener, arn, { superseded, mayMakeRoom: false }),
    sibling,
  );
  if (nextStep(view, wanted) === null) {
    const found = await diagnose(run, record, planning);
    const told = await puttingRight(run, record, look);
    return (current) => told(found(current));
  }
  const changes = recentChanges(record, run, look);
  const leaving = leavingList(view, wanted);
  const gone = replacedDefault(listener, arn) ?? leaving[0] ?? null;
  const replaced =
    gone === null ? null : await replacedAt(run, record, { look, arn: gone, heldAt });
  if (sibling === null) keepNames(run, look, replaced);
  // What was noted may have been replaced since.
  await checkStaging(run, record, look);
  if (!isRenewal(run, replaced, superseded)) await checkRivals(run, { look, arn, wanted, heldAt });
  const mayMakeRoom =
    leaving.length > 0 && (await defaultServes(run, view, { wanted, leaving, heldAt }));
  const answers = await askEndpoint(run.probe, view.endpoint, run.version);
  return {
    look,
    wanted: { ...wanted, mayMakeRoom },
    intent: {
      arn,
      previous: previousOf(replaced, leaving),
      ...baselineOf(answers),
      servedUntil: servedEndOf(answers),
      isAdded: look.target.position === 'sni',
      changes,
    },
  };
}

/** What the record calls an earlier ARN of ours is taken out of a list only where its tags say the same. */
async function ownAmong(
  run: DeployContext,
  arns: readonly string[],
  { default: standard, list }: TargetView,
): Promise<readonly string[]> {
  const there = arns.filter((arn) => arn === standard || list.includes(arn));
  const marks = await Promise.all(there.map((arn) => markAt(run, arn)));
  return there.filter((_, index) => isOfThis(marks[index] ?? null));
}

/** What is bound already is renewed for the clients that it has, whoever else answers for a name of it. */
function isRenewal(
  { version, clock }: DeployContext,
  replaced: Replaced | null,
  superseded: readonly string[],
): boolean {
  if (replaced === null) return false;
  const isOurs = replaced.versionId !== null || superseded.includes(replaced.arn);
  const isOver = replaced.notAfter !== null && replaced.notAfter <= clock.now();
  return isOurs && (isOver || replaced.keyFamily === familyOf(version.keyAlgorithm));
}

/** Whether the default can stand in for a moment, while a full list has neither the old nor the new certificate. */
async function defaultServes(
  { version, clock }: DeployContext,
  view: TargetView,
  { wanted, leaving, heldAt }: { wanted: Arrangement; leaving: readonly string[]; heldAt: HeldAt },
): Promise<boolean> {
  if (wanted.default !== null) return true;
  if (view.default === null) return false;
  const { names, notAfter, keyFamily } = candidateOf(view.default, await heldAt(view.default));
  const covers = names !== null && uncoveredNames(version.names, names).length === 0;
  const left = await Promise.all(leaving.map(heldAt));
  // Clients of what leaves the list can use it.
  const isUsable = left.every((each) => each?.keyFamily === keyFamily);
  return covers && isUsable && notAfter !== null && notAfter > clock.now();
}
