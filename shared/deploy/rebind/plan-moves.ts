import { familyOf } from '#shared/key-algorithm.ts';
import type { Change } from '#shared/ledger/lease.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { nextStep } from '#shared/targets/next-step.ts';
import type { Arrangement, TargetView } from '#shared/targets/target.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import { checkRivals } from '../choice/hold-back.ts';
import { candidateOf } from '../choice/holdings.ts';
import { movedSibling } from '../choice/sibling.ts';
import type { DeployContext, Look } from '../context.ts';
import { deploymentOf, wasChanged } from '../deployment-questions.ts';
import { type HeldAt, heldOnce } from '../import/held-once.ts';
import { isOfThis, markAt } from '../import/mark.ts';
import { keepNames, type Replaced, replacedAt } from '../import/replaced.ts';
import { servedNow } from '../probe/ask.ts';
import { failing } from '../record-failure.ts';
import type { Intent } from '../rollback/previous-state.ts';
import { type Rearrangement, rearrangementOf } from './arrangement.ts';
import { checkIssuer } from './checks/issuer.ts';
import { keepAliases } from './checks/keep-aliases.ts';
import { checkStaging } from './checks/staging.ts';
import { recentChanges } from './contested.ts';
import { diagnose } from './diagnose.ts';
import { failureOf } from './look.ts';
import { puttingRight } from './put-right.ts';
import { servedAt } from './served-at.ts';

/** A change of one listener, decided before any change is made. */
export type Move = {
  readonly look: Look;
  readonly wanted: Arrangement;
  readonly intent: Intent;
  /** The recorded deployment of a listener that somebody has changed; null where nobody has. */
  readonly changed: Deployment | null;
};

export type Moves = {
  readonly moves: readonly Move[];
  /** The changes to write for the other targets: nothing needs to be changed there, or it may not be. */
  readonly changes: readonly Change[];
};

/** The facts on which the plan for one target is based. */
type Planning = {
  readonly look: Look;
  readonly arn: string;
  readonly heldAt: HeldAt;
  /** The deployment of this version; null where there is none. */
  readonly known: Deployment | null;
};

export async function planMoves(
  run: DeployContext,
  record: CertificateRecord,
  looks: readonly Look[],
  arn: string,
): Promise<Moves> {
  const heldAt = heldOnce(run.acm, record);
  const plannings = looks.map((look): Planning => {
    return { look, arn, heldAt, known: deploymentOf(record, run, look.target.key) };
  });
  const planned = await Promise.all(
    plannings.map((planning) =>
      planMove(run, record, planning).catch((error: unknown) => refused(run, planning, error)),
    ),
  );
  return {
    moves: planned.filter((each) => typeof each !== 'function'),
    changes: planned.filter((each) => typeof each === 'function'),
  };
}

async function refused(run: DeployContext, { look }: Planning, error: unknown): Promise<Change> {
  const served = await servedAt(run, [look]);
  return failing(run, { ...failureOf(look.target.key, look.view.name, error), served });
}

/** @throws CertkeepError NamesWouldBeLost, NameServedByAnother, StagingWouldReplace, ListenerContested, IssuerWouldChange */
async function planMove(
  run: DeployContext,
  record: CertificateRecord,
  planning: Planning,
): Promise<Move | Change> {
  const { look, arn, heldAt, known } = planning;
  const { target, view } = look;
  const changed = wasChanged(known) ? known : null;
  const superseded = await supersededOn(run, record, look, arn);
  const sibling = await movedSibling(run, look, arn);
  const joins = sibling?.joins ?? null;
  const listener = { ...view, position: target.position };
  const change = rearrangementOf(listener, arn, { superseded, joins });
  if (nextStep(view, change.wanted) === null) {
    const found = await diagnose(run, planning);
    if (changed === null) return found;
    const told = await puttingRight(run, look, changed);
    return (current) => told(found(current));
  }
  const changes = recentChanges(run, look, known);
  const replaced =
    change.gone === null
      ? null
      : await replacedAt(run, record, { look, arn: change.gone, heldAt, listed: change.leaving });
  keepAliases(run, look);
  if (sibling === null) keepNames(run, look, replaced);
  const previousId = replaced?.versionId ?? null;
  checkIssuer(record, { view, version: run.version, previousId, isImportedOver: false });
  // The noted certificate may have been replaced since.
  await checkStaging(run, record, look);
  if (!isRenewal(run, replaced, superseded)) await checkRivals(run, { look, arn, change, heldAt });
  const mayMakeRoom = await canMakeRoom(run, view, { change, heldAt });
  return {
    look,
    wanted: { ...change.wanted, mayMakeRoom },
    intent: {
      arn,
      previous: replaced?.previous ?? null,
      ...(await servedNow(run.probe, view.endpoint, run.version)),
      isAdded: target.position === 'sni',
      changes,
    },
    changed,
  };
}

/** An ARN that the record calls an earlier one of ours leaves a list only if its tags say the same. */
async function supersededOn(
  run: DeployContext,
  { imports }: CertificateRecord,
  { view }: Look,
  arn: string,
): Promise<readonly string[]> {
  const earlier = (imports[run.place]?.retired ?? []).map((each) => each.arn);
  const there = earlier.filter(
    (each) => each !== arn && (each === view.default || view.list.includes(each)),
  );
  const marks = await Promise.all(there.map((each) => markAt(run, each)));
  return there.filter((_, index) => isOfThis(marks[index] ?? null));
}

/** A bound certificate is renewed for its clients, whoever else answers for one of its names. */
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

/** Says whether the default can stand in for a moment, while a full list has neither the old nor the new certificate. */
async function canMakeRoom(
  { version, clock }: DeployContext,
  view: TargetView,
  { change, heldAt }: { readonly change: Rearrangement; readonly heldAt: HeldAt },
): Promise<boolean> {
  const { leaving, wanted } = change;
  if (leaving.length === 0) return false;
  if (wanted.default !== null) return true;
  if (view.default === null) return false;
  const { names, notAfter, keyFamily } = candidateOf(view.default, await heldAt(view.default));
  const covers = names !== null && uncoveredNames(version.names, names).length === 0;
  const left = await Promise.all(leaving.map(heldAt));
  // Clients of the certificate that leaves the list can use it.
  const isUsable = left.every((each) => each?.keyFamily === keyFamily);
  return covers && isUsable && notAfter !== null && notAfter > clock.now();
}
