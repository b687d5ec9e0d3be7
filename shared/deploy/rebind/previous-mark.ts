import { createHash } from 'node:crypto';
import type { Target } from '#shared/targets/target.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import type { DeployContext, Look } from '../context.ts';
import type { HeldCertificate } from '../import/acm.ts';
import { isOfThis, isOurs, type Mark, markAt } from '../import/mark.ts';

/**
 * The record says what a listener held before us, but others write it as well. So deploy tags the listener itself with the
 * ARN before it takes somebody else's certificate away. It tags the listener and not the certificate because the
 * configuration gives us the listener, an IAM server certificate then needs no right of its own, and people who may import
 * and tag certificates cannot forge the tag.
 */
function previousTag(certificate: string): string {
  return `certkeep:previous-of:${certificate}`;
}

/** A tag holds 256 characters of a limited set; names of server certificates may be longer, with other characters. */
function markOfPrevious(arn: string): string {
  if (/^[\w+=.:/@-]{1,256}$/.test(arn)) return arn;
  return `sha256:${createHash('sha256').update(arn).digest('hex')}`;
}

/** Runs before the change that takes `arn` away. Our own certificates have their own tags. */
export async function markPrevious(run: DeployContext, target: Target, arn: string): Promise<void> {
  if (await isOurs(run, arn)) return;
  await target.mark(previousTag(run.certificate.id), markOfPrevious(arn));
}

export type BackFacts = {
  readonly arn: string;
  /** The owner according to its tags. */
  readonly mark: Mark;
  /** True if the listener's tag says that it was there. */
  readonly isMarked: boolean;
  /** Null where ACM does not know the names. */
  readonly names: readonly string[] | null;
  /** The names in the configuration. */
  readonly wanted: readonly string[];
};

/** Returns why a listener may not get an ARN of the record back; null where it may. */
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
