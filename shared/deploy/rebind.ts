import type { CertificateRecord } from '#shared/ledger/record.ts';
import { askEndpoint, servedSerial } from './ask.ts';
import { withConfirmed, withIntent } from './intent.ts';
import { failureOf } from './look.ts';
import {
  type HeldAt,
  heldOnce,
  keepNames,
  leftoversIn,
  previousOf,
  replacedAt,
} from './replaced.ts';
import { type Change, type DeployRun, isBound, type Look, readRun, updateAll } from './run.ts';
import { failing } from './setback.ts';
import { checkStaging } from './staging.ts';

/**
 * Points a group of targets at the ARN that holds the desired version, and leaves them awaiting proof. What
 * was there is in the record before the first of them is changed, in one write; a second one confirms them.
 * A target that fails does not stop the others. `cut` when the run had no time for all.
 */
export async function rebind(
  run: DeployRun,
  looks: readonly Look[],
  arn: string,
): Promise<'next' | 'cut'> {
  const record = await readRun(run);
  const { bound, moves, changes } = await planMoves(run, record, looks, arn);
  const intents = moves.map(
    (move): Change =>
      (current) =>
        withIntent(current, run, move.look, move.intent),
  );
  await updateAll(run, [...changes, ...intents]);
  const made = bound.map((look) => confirming(run, look, arn));
  let done = 0;
  for (const move of moves) {
    if (run.clock.now() >= run.slice.changesUntil) break;
    made.push(await changed(run, move, arn));
    done += 1;
  }
  await updateAll(run, made);
  return done < moves.length ? 'cut' : 'next';
}

type Move = {
  readonly look: Look;
  readonly intent: Parameters<typeof withIntent>[3];
  /** The certificates that leave the target, the one that is replaced first. */
  readonly leaving: readonly string[];
};

type Moves = {
  /** Nothing is to be changed there. */
  readonly bound: readonly Look[];
  readonly moves: readonly Move[];
  readonly changes: readonly Change[];
};

async function planMoves(
  run: DeployRun,
  record: CertificateRecord,
  looks: readonly Look[],
  arn: string,
): Promise<Moves> {
  const heldAt = heldOnce(run.acm);
  const isThere = (look: Look) =>
    isBound(look.view, arn) && leftoversIn(record, run, look, arn).length === 0;
  const open = looks.filter((look) => !isThere(look));
  const planned = await Promise.allSettled(
    open.map((look) => planMove(run, record, { look, arn, heldAt })),
  );
  const moves: Move[] = [];
  const changes: Change[] = [];
  for (const [index, { target, view }] of open.entries()) {
    const result = planned[index] as (typeof planned)[number];
    if (result.status === 'fulfilled') moves.push(result.value);
    else changes.push(failing(run, failureOf(target.key, view.name, result.reason)));
  }
  return { bound: looks.filter(isThere), moves, changes };
}

/** @throws CertkeepError NamesWouldBeLost, StagingWouldReplace */
async function planMove(
  run: DeployRun,
  record: CertificateRecord,
  given: { readonly look: Look; readonly arn: string; readonly heldAt: HeldAt },
): Promise<Move> {
  const { look, arn, heldAt } = given;
  const { view } = look;
  const leftovers = leftoversIn(record, run, look, arn);
  const gone = view.replacedArn ?? leftovers[0] ?? null;
  const replaced =
    gone === null ? null : await replacedAt(run, record, { look, arn: gone, heldAt });
  keepNames(run, look, replaced);
  // What was noted may have been replaced since.
  await checkStaging(run, record, look);
  const answers = await askEndpoint(run.probe, view.endpoint, run.version.names);
  return {
    look,
    intent: {
      arn,
      previous: previousOf(replaced),
      baselineSerial: servedSerial(answers),
      isAdded: view.replacedArn === null,
    },
    leaving: replaced ? [replaced.arn, ...leftovers.slice(1)] : [],
  };
}

/** Makes the change, which the target reads back, and returns what is to be written of it. */
async function changed(run: DeployRun, { look, leaving }: Move, arn: string): Promise<Change> {
  const { target, view } = look;
  try {
    for (const old of leaving.length > 0 ? leaving : [null]) await target.bind(arn, old);
  } catch (error) {
    return failing(run, failureOf(target.key, view.name, error));
  }
  run.log.info('listener rebound', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: 'bound',
    target: view.name,
    arn,
    previous: leaving[0] ?? null,
  });
  return confirming(run, look, arn);
}

function confirming(run: DeployRun, { target, view }: Look, arn: string): Change {
  const at = run.clock.now();
  return (record) => withConfirmed(record, run, { key: target.key, arn, view, at });
}
