import { createHash } from 'node:crypto';
import type { Target } from '#shared/targets/target.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import type { DeployContext, Look } from '../context.ts';
import type { HeldCertificate } from '../import/acm.ts';
import { isOfThis, isOurs, type Mark, markAt } from '../import/mark.ts';

/**
 * What a listener held before us stands in the record, which others write as well. So deploy marks the listener itself
 * before it takes somebody else's certificate away: with a tag that says which one it was. The listener and not the
 * certificate, since that is the configuration's and ours to change, an IAM server certificate needs no right of its own
 * for it, and whoever may import and tag certificates can make no mark.
 */
export function previousTag(certificate: string): string {
  return `certkeep:previous-of:${certificate}`;
}

/** A tag holds 256 of some characters; the names of server certificates may have more, and others. */
export function markOfPrevious(arn: string): string {
  if (/^[\w+=.:/@-]{1,256}$/.test(arn)) return arn;
  return `sha256:${createHash('sha256').update(arn).digest('hex')}`;
}

/** Before the change that takes `arn` away. What is ours has its own tags. */
export async function markPrevious(run: DeployContext, target: Target, arn: string): Promise<void> {
  if (await isOurs(run, arn)) return;
  await target.mark(previousTag(run.certificate.id), markOfPrevious(arn));
}

export type BackFacts = {
  readonly arn: string;
  /** By its tags. */
  readonly mark: Mark;
  /** The listener says that it was there. */
  readonly isMarked: boolean;
  /** Null where ACM does not know them. */
  readonly names: readonly string[] | null;
  /** Of the configuration. */
  readonly wanted: readonly string[];
};

/** Why a listener may not get an ARN of the record back; null where it may. */
export function notToGoBackTo({ arn, mark, isMarked, names, wanted }: BackFacts): string | null {
  // It was there, with other names or not: its own clients lose it by the change.
  if (isMarked) return null;
  if (!isOfThis(mark)) return `nothing but the record says that ${arn} was there`;
  const missing = uncoveredNames(wanted, names ?? []);
  return missing.length === 0 ? null : `${arn} does not serve ${missing.join(', ')}`;
}

export async function backFacts(
  run: DeployContext,
  { target }: Look,
  arn: string,
  held: Pick<HeldCertificate, 'names'> | null,
): Promise<BackFacts> {
  const marks = await target.marks();
  return {
    arn,
    mark: await markAt(run, arn),
    isMarked: marks[previousTag(run.certificate.id)] === markOfPrevious(arn),
    names: held?.names ?? null,
    wanted: run.certificate.names,
  };
}
