import { errorMessage, errorName } from '#shared/errors.ts';
import { arnParameter } from '#shared/installation.ts';
import { isWorthTelling } from '#shared/ledger/backoff.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { levelOf } from '#shared/log.ts';
import * as acmImport from '../acm-import.ts';
import type { PlaceContext } from '../context.ts';
import { notRetiredEvent } from '../events.ts';
import { findTwin, findVersion } from '../import/new-import.ts';
import { isPublishing, mayBePublished } from '../publish/published.ts';
import { failureAfter, isOver } from '../record-failure.ts';
import { arnsLeft, decideRetire, unheardVersion } from './decide-retire.ts';
import { fateOf } from './delete-superseded.ts';

export type RetireOutcome =
  | { readonly outcome: 'nothing-to-do' }
  | { readonly outcome: 'waiting'; readonly until: Date }
  /** The ARNs that are still there. */
  | { readonly outcome: 'retired'; readonly left: readonly string[] };

/**
 * Takes one certificate out of a place that has left the configuration: our certificates are deleted once nothing uses
 * them, and the parameter before the ARN that it names. Listeners are never touched. It can be repeated from any
 * point. Failures are written down, reported and retried.
 */
export async function retire(run: PlaceContext): Promise<RetireOutcome> {
  const decision = decideRetire(await run.mine.read(), run.place, run.clock.now());
  if (decision.outcome === 'nothing') return { outcome: 'nothing-to-do' };
  if (decision.outcome === 'waiting') return decision;
  const failures: unknown[] = [];
  await trying(failures, () => hearOfImport(run));
  for (const arn of await leftHere(run)) await trying(failures, () => takeOut(run, arn));
  const left = await leftHere(run);
  if (failures.length === 0 && left.length === 0) await trying(failures, () => leave(run));
  if (failures.length > 0) await recordNotRetired(run, failures[0]);
  else if (left.length > 0) await lookAgain(run);
  for (const error of failures) logFailure(run, error);
  return { outcome: 'retired', left };
}

/** One failure does not keep the others from being tried. */
async function trying(failures: unknown[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isOver(error)) throw error;
    failures.push(error);
  }
}

/** An import whose answer was lost is found by its serial, and written down before it is deleted. */
async function hearOfImport(run: PlaceContext): Promise<void> {
  const record = await run.mine.read();
  const entry = record.imports[run.place];
  const version = entry && unheardVersion(record, entry);
  if (!version) return;
  const found = await findVersion(run, version);
  const twin = found && (await findTwin(run, version, found.arn));
  const arns = [found, twin].flatMap((each) => each?.arn ?? []).filter((arn) => arn !== entry.arn);
  const at = run.clock.now();
  await run.mine.update((current) => acmImport.unheardFound(current, run.place, { arns, at }));
}

async function leftHere(run: PlaceContext): Promise<readonly string[]> {
  const entry = (await run.mine.read()).imports[run.place];
  return entry ? arnsLeft(entry) : [];
}

async function takeOut(run: PlaceContext, arn: string): Promise<void> {
  const fate = await fateOf(run, arn);
  const isToldOf = fate !== 'in-use' && mayBePublished(await run.mine.read(), run.place, arn);
  // Neither an ARN that will be deleted nor one that is not ours may stay published.
  if (isToldOf) await withdraw(run);
  const outcome = fate === 'unused' ? await run.acm.delete(arn) : fate;
  run.log.info('certificate in a retired place', { ...fieldsOf(run), outcome, arn });
  if (outcome === 'in-use') return;
  await run.mine.update((record) => acmImport.arnGone(record, run.place, arn));
}

async function withdraw(run: PlaceContext): Promise<void> {
  await run.mine.update((record) => acmImport.withdrawn(record, run.place));
  await run.publisher.withdraw(arnParameter(run.installation, run.certificate.id));
}

async function leave(run: PlaceContext): Promise<void> {
  // An ARN that the record does not know may still be published: a run may have died right after it.
  const mayBeTold = isPublishing(run.place) && (await run.mine.read()).imports[run.place];
  if (mayBeTold) await withdraw(run);
  const at = run.clock.now();
  await run.mine.update((record) => acmImport.placeLeft(record, run.place, at));
  run.log.info('retired place left', fieldsOf(run));
}

async function lookAgain(run: PlaceContext): Promise<void> {
  const at = run.clock.now();
  await run.mine.update((record) => acmImport.stillInUse(record, run.place, at));
}

async function recordNotRetired(run: PlaceContext, error: unknown): Promise<void> {
  const moment = { now: run.clock.now(), jitter: Math.random(), servedUntil: null };
  await run.mine.update((record) => {
    const previous = record.imports[run.place]?.leaving?.failure ?? null;
    const failure = failureAfter(run, previous, error, moment);
    const changed = acmImport.notLeft(record, run.place, failure);
    if (!isWorthTelling(failure)) return changed;
    return withEvent(changed, notRetiredEvent(record.id, run.place, { failure, error }));
  });
}

function logFailure(run: PlaceContext, error: unknown): void {
  const failed = { outcome: errorName(error), reason: errorMessage(error) };
  run.log[levelOf(error)]('retired place not left', { ...fieldsOf(run), ...failed });
}

function fieldsOf({ certificate, place }: PlaceContext) {
  return { stage: 'import', certificate: certificate.id, place } as const;
}
