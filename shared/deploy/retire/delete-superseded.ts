import { errorMessage, errorName } from '#shared/errors.ts';
import type { CertificateRecord, RetiredArn } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import type { DeployContext, PlaceContext } from '../context.ts';
import { isAwaitingProof, isProven } from '../decide-deploy.ts';
import type { HeldCertificate } from '../import/acm.ts';
import { disown, type Mark, markAt } from '../import/mark.ts';
import * as retiredArn from './retired-arn.ts';

/**
 * Looks at our ARNs that a new one has replaced, and records who still uses them, for check to report. One is deleted once
 * every target has proved the new one and nothing has used it for days. It never fails a deploy: an ARN that could not be
 * looked at or deleted is logged and looked at again.
 */
export async function deleteSuperseded(
  run: DeployContext,
  record: CertificateRecord,
): Promise<void> {
  if (isAwaitingProof(record, run.targets)) return;
  const now = run.clock.now();
  for (const retired of record.imports[run.place]?.retired ?? []) {
    if (new Date(retired.lookAgainAt) > now) continue;
    const { outcome, sight } = await lookAtOne(run, record, retired);
    const { arn } = retired;
    run.log.info('earlier certificate', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome,
      arn,
    });
    await run.mine.update((current) => withLook(current, run, arn, { outcome, sight, now }));
  }
}

type Looked = {
  readonly outcome: 'gone' | 'foreign' | 'deleted' | 'disowned' | 'in-use' | 'unused' | 'failed';
  readonly sight: retiredArn.Sight | null;
};

async function lookAtOne(
  run: DeployContext,
  record: CertificateRecord,
  retired: RetiredArn,
): Promise<Looked> {
  try {
    const { held, mark } = await seenAt(run, retired.arn);
    if (!held) return { outcome: 'gone', sight: null };
    if (mark !== 'made' && mark !== 'adopted') return { outcome: 'foreign', sight: null };
    const sight = sightOf(run, record, held);
    if (sight.isNeeded) return { outcome: 'in-use', sight };
    const isSpent = retiredArn.isSpent(retired, run.clock.now());
    const isOver = isSpent && isProven(record, run.targets, run.version);
    if (!isOver) return { outcome: 'unused', sight };
    return { outcome: await letGo(run, retired.arn, mark), sight };
  } catch (error) {
    run.log.warn('earlier certificate not deleted', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      arn: retired.arn,
    });
    return { outcome: 'failed', sight: null };
  }
}

function sightOf(
  run: DeployContext,
  record: CertificateRecord,
  held: HeldCertificate,
): retiredArn.Sight {
  const { arn, inUseBy, notAfter } = held;
  // Other stacks would still read an ARN that is gone.
  const isPublished = arn === record.imports[run.place]?.publishedArn;
  const ours = isMoving(run, record) ? run.ownResources : [];
  const usedBy = inUseBy.filter((each) => !ours.includes(each));
  return { isNeeded: isPublished || inUseBy.length > 0, usedBy, notAfter };
}

/** InUseBy names our own load balancers until their targets have the new ARN, and for a while after. */
const inUseLagMs = hourMs;

function isMoving({ clock, place, targets }: DeployContext, record: CertificateRecord): boolean {
  const arn = record.imports[place]?.arn;
  const settledBy = addMs(clock.now(), -inUseLagMs);
  return targets.some(({ key }) => {
    const deployment = record.deployments[key];
    const isThere = deployment?.arn === arn && deployment?.nextProbeAt !== null;
    return !deployment || !isThere || new Date(deployment.changedAt) > settledBy;
  });
}

/** Adopted certificates were made by somebody else, who may rely on them. */
async function letGo(run: DeployContext, arn: string, mark: Mark): Promise<Looked['outcome']> {
  if (mark === 'made') return run.acm.delete(arn);
  await disown(run, arn);
  return 'disowned';
}

async function seenAt(
  run: PlaceContext,
  arn: string,
): Promise<{ readonly held: HeldCertificate | null; readonly mark: Mark }> {
  const found = await run.acm.describe(arn);
  if (!found) return { held: null, mark: 'none' };
  const held = { ...found, inUseBy: await run.acm.usersOf(found) };
  return { held, mark: await markAt(run, arn) };
}

export type Fate = 'gone' | 'foreign' | 'in-use' | 'unused';

/** Decides whether a certificate in a place that is left may be deleted: it is ours, and nothing uses it. */
export async function fateOf(run: PlaceContext, arn: string): Promise<Fate> {
  const { held, mark } = await seenAt(run, arn);
  if (!held) return 'gone';
  if (mark !== 'made') return 'foreign';
  return held.inUseBy.length > 0 ? 'in-use' : 'unused';
}

function withLook(
  record: CertificateRecord,
  { place }: DeployContext,
  arn: string,
  { outcome, sight, now }: Looked & { readonly now: Date },
): CertificateRecord {
  switch (outcome) {
    case 'gone':
    case 'foreign':
    case 'deleted':
    case 'disowned':
      return retiredArn.gone(record, place, arn);
    default: {
      if (!sight) return retiredArn.notLookedAt(record, place, { arn, at: now });
      // The store may know of a use that it does not show yet.
      const isNeeded = sight.isNeeded || outcome === 'in-use';
      return retiredArn.lookedAt(record, place, { arn, sight: { ...sight, isNeeded }, at: now });
    }
  }
}
