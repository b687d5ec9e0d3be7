import { CertkeepError } from '#shared/errors.ts';
import { familyOf, type KeyFamily } from '#shared/key-algorithm.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import type { DeployContext, Look } from '../context.ts';
import type { Answered } from '../probe/probe.ts';
import { type CertificateManager, type HeldCertificate, isAcmArn } from './acm.ts';
import { versionHeld } from './decide-import.ts';

/** What a change takes away from a target. */
export type Replaced = {
  readonly arn: string;
  readonly versionId: string | null;
  readonly notAfter: Date | null;
  /** Which clients it served. */
  readonly keyFamily: KeyFamily | null;
  /** The names that the new certificate must cover; none where the old one is an earlier version of ours. */
  readonly namesToKeep: readonly string[];
};

export type HeldAt = (arn: string) => Promise<HeldCertificate | null>;

/** ACM is asked once for each ARN and one after the other: many listeners may hold one certificate, or each its own. */
export function heldOnce(
  acm: CertificateManager,
  { versions }: Pick<CertificateRecord, 'versions'>,
): HeldAt {
  const known = new Map<string, Promise<HeldCertificate | null>>();
  let last: Promise<unknown> = Promise.resolve();
  return (arn) => {
    const answer = known.get(arn) ?? last.then(() => acm.describe(arn, versions));
    known.set(arn, answer);
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** ARNs of ours that were used before `arn`. */
export function supersededBy(
  record: CertificateRecord,
  { place }: Pick<DeployContext, 'place'>,
  arn: string | null,
): readonly string[] {
  const retired = (record.imports[place]?.retired ?? []).map((each) => each.arn);
  return retired.filter((each) => each !== arn);
}

/** @throws CertkeepError NamesWouldBeLost when what the target holds cannot be read */
export async function replacedAt(
  run: DeployContext,
  record: CertificateRecord,
  { look, arn, heldAt }: { readonly look: Look; readonly arn: string; readonly heldAt: HeldAt },
): Promise<Replaced> {
  const held = isAcmArn(arn) ? await heldAt(arn) : null;
  const version = held && versionHeld(record, held);
  // A name that leaves our own certificate leaves it because the configuration says so.
  if (version) {
    const notAfter = new Date(version.notAfter);
    const keyFamily = familyOf(version.keyAlgorithm);
    return { arn, versionId: version.id, notAfter, keyFamily, namesToKeep: [] };
  }
  const shown = held ?? (await presentedDefault(run, look));
  // A certificate is for some name: none was read.
  if (held?.names.length === 0) {
    throw new CertkeepError('NamesWouldBeLost', `the names of ${arn} are not known`);
  }
  const keyFamily = held?.keyFamily ?? null;
  return { arn, versionId: null, notAfter: shown.notAfter, keyFamily, namesToKeep: shown.names };
}

/** @throws CertkeepError NamesWouldBeLost */
export function keepNames(run: DeployContext, { view }: Look, replaced: Replaced | null): void {
  const lost = uncoveredNames(replaced?.namesToKeep ?? [], run.version.names);
  if (lost.length === 0) return;
  throw new CertkeepError(
    'NamesWouldBeLost',
    `${view.name} would no longer serve ${lost.join(', ')}, which ${replaced?.arn} has`,
  );
}

/**
 * The certificate of a listener that is not in ACM (an IAM server certificate): what the endpoint presents
 * for its own host name, which no certificate of ours in an SNI list has.
 * @throws CertkeepError NamesWouldBeLost when nothing can be read
 */
async function presentedDefault(
  run: DeployContext,
  { view }: Look,
): Promise<Pick<HeldCertificate, 'names' | 'notAfter'>> {
  const { endpoint } = view;
  const answers = await run.probe({ ...endpoint, servername: endpoint.host, family: null });
  const answered = answers.find((answer): answer is Answered => answer.outcome === 'answered');
  // What signed itself and has no name is nobody's; of anything else that has none, none was read.
  if (answered && (answered.names.length > 0 || answered.selfSigned)) return answered;
  throw new CertkeepError(
    'NamesWouldBeLost',
    `the names of the certificate at ${view.name} are in neither ACM nor an answer of the endpoint`,
  );
}

/** `listed` leaves the SNI list with it. */
export function previousOf(
  replaced: Replaced | null,
  listed: readonly string[] = [],
): Deployment['previous'] {
  if (!replaced) return null;
  const { arn, versionId, notAfter } = replaced;
  const end = notAfter?.toISOString() ?? null;
  return { arn, versionId, notAfter: end, ...(listed.length > 0 && { listed: [...listed] }) };
}
