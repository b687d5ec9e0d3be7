import { CertkeepError } from '#shared/errors.ts';
import { familyOf, type KeyFamily } from '#shared/key-algorithm.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import type { DeployContext, Look } from '../context.ts';
import type { Answered } from '../probe/probe.ts';
import type { HeldCertificate } from './acm.ts';
import type { HeldAt } from './held-once.ts';

/** What a change takes away from a target. */
export type Replaced = {
  readonly arn: string;
  readonly versionId: string | null;
  readonly notAfter: Date | null;
  /** Which clients it served. */
  readonly keyFamily: KeyFamily | null;
  /** The names that the new certificate must cover; none where the old one is an earlier version of ours. */
  readonly namesToKeep: readonly string[];
  /** The same for the record: what the target can go back to. */
  readonly previous: NonNullable<Deployment['previous']>;
};

type At = {
  readonly look: Look;
  readonly arn: string;
  readonly heldAt: HeldAt;
  /** Leave the SNI list with it. */
  readonly listed?: readonly string[];
};

/** @throws CertkeepError NamesWouldBeLost when what the target holds cannot be read */
export async function replacedAt(
  run: DeployContext,
  { versions }: Pick<CertificateRecord, 'versions'>,
  { look, arn, heldAt, listed = [] }: At,
): Promise<Replaced> {
  const held = await heldAt(arn);
  const version = versions.find(
    ({ fingerprintSha256 }) => fingerprintSha256 === held?.fingerprintSha256,
  );
  // A name that leaves our own certificate leaves it because the configuration says so.
  if (version) {
    const notAfter = new Date(version.notAfter);
    const previous = previousOf(arn, version.id, notAfter, listed);
    const keyFamily = familyOf(version.keyAlgorithm);
    return { arn, versionId: version.id, notAfter, keyFamily, namesToKeep: [], previous };
  }
  const shown = held ?? (await presentedDefault(run, look));
  // A certificate is for some name: none was read.
  if (held?.names.length === 0) {
    throw new CertkeepError('NamesWouldBeLost', `the names of ${arn} are not known`);
  }
  const keyFamily = held?.keyFamily ?? null;
  const { notAfter, names: namesToKeep } = shown;
  const previous = previousOf(arn, null, notAfter, listed);
  return { arn, versionId: null, notAfter, keyFamily, namesToKeep, previous };
}

function previousOf(
  arn: string,
  versionId: string | null,
  notAfter: Date | null,
  listed: readonly string[],
): NonNullable<Deployment['previous']> {
  const end = notAfter?.toISOString() ?? null;
  return { arn, versionId, notAfter: end, ...(listed.length > 0 && { listed: [...listed] }) };
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
