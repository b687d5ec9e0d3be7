import type { Change } from '#shared/ledger/lease.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import { failing } from '../record-failure.ts';
import { failureOf } from './look.ts';
import { type Move, planMoves } from './plan-moves.ts';
import { markPrevious } from './previous-mark.ts';
import { puttingRight } from './put-right.ts';

/**
 * Points a group of targets at the ARN that holds the desired version, and leaves them awaiting proof. One write records
 * what was there before the first of them is changed; a second one confirms them. A target that fails does not stop the
 * others. Returns `cut` when the run had no time for all.
 */
export async function rebind(
  run: DeployContext,
  looks: readonly Look[],
  arn: string,
): Promise<'next' | 'cut'> {
  const record = await run.mine.read();
  const { moves, changes } = await planMoves(run, record, looks, arn);
  const intents = moves.map(({ look: { target, view }, intent }): Change => {
    const { key } = target;
    return (current) =>
      deployment.intended(current, run, { key, intent, view, at: run.clock.now() });
  });
  await run.mine.updateAll([...changes, ...intents]);
  const made: Change[] = [];
  let done = 0;
  for (const move of moves) {
    if (run.clock.now() >= run.slice.changesUntil) break;
    made.push(await moved(run, move, arn));
    if (move.changed) made.push(await puttingRight(run, move.look, move.changed));
    done += 1;
  }
  await run.mine.updateAll(made);
  return done < moves.length ? 'cut' : 'next';
}

/** Makes the change, which the target reads back, and returns the change of the record. */
async function moved(
  run: DeployContext,
  { look, wanted, intent }: Move,
  arn: string,
): Promise<Change> {
  const { target, view } = look;
  const { previous } = intent;
  try {
    if (previous && !previous.versionId) await markPrevious(run, target, previous.arn);
    await target.arrange(wanted, view);
  } catch (error) {
    return failing(run, failureOf(target.key, view.name, error));
  }
  run.log.info('listener rebound', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: 'bound',
    target: view.name,
    arn,
    previous: view.default,
  });
  const at = run.clock.now();
  return (record) => deployment.confirmed(record, run, { key: target.key, arn, view, at });
}
