import { CertkeepError } from '#shared/errors.ts';
import { familyOf, type KeyFamily } from '#shared/key-algorithm.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { Endpoint } from '#shared/targets/target.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import type { DeployContext, Look } from '../context.ts';
import { serverNames } from '../probe/ask.ts';
import type { Answered } from '../probe/probe.ts';
import type { HeldCertificate } from './acm.ts';
import type { HeldAt } from './held-once.ts';

/** The certificate that a change takes from a target. */
export type Replaced = {
  readonly arn: string;
  readonly versionId: string | null;
  readonly notAfter: Date | null;
  /** The key family of the clients that it served. */
  readonly keyFamily: KeyFamily | null;
  /** The names that the new certificate must cover; none where the old one is an earlier version of ours. */
  readonly namesToKeep: readonly string[];
  /** The previous state for the record, to which the target can go back. */
  readonly previous: NonNullable<Deployment['previous']>;
};

type At = {
  readonly look: Look;
  readonly arn: string;
  readonly heldAt: HeldAt;
  /** ARNs that leave the SNI list with it. */
  readonly listed?: readonly string[];
};

/** @throws CertkeepError NamesWouldBeLost when the target's certificate cannot be read */
export async function replacedAt(
  run: DeployContext,
  { versions }: Pick<CertificateRecord, 'versions'>,
  { look, arn, heldAt, listed = [] }: At,
): Promise<Replaced> {
  const held = await heldAt(arn);
  const version = versions.find(
    ({ fingerprintSha256 }) => fingerprintSha256 === held?.fingerprintSha256,
  );
  // A name that our own certificate loses was removed from the configuration.
  if (version) {
    const notAfter = new Date(version.notAfter);
    const previous = previousOf(arn, version.id, notAfter, listed);
    const keyFamily = familyOf(version.keyAlgorithm);
    return { arn, versionId: version.id, notAfter, keyFamily, namesToKeep: [], previous };
  }
  const shown = held ?? (await shownBy(run, look));
  // Every certificate has some name: none was read.
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

/** An ARN that ACM does not have, and that nobody can be asked about, serves nobody. */
function shownBy(
  run: DeployContext,
  look: Look,
):
  | Promise<Pick<HeldCertificate, 'names' | 'notAfter'>>
  | Pick<HeldCertificate, 'names' | 'notAfter'> {
  const { endpoint } = look.view;
  return endpoint === null ? { names: [], notAfter: null } : presentedDefault(run, look, endpoint);
}

/**
 * Reads a listener's certificate that is not in ACM (an IAM server certificate): the one that the endpoint presents for its
 * own host name, which no certificate of ours in an SNI list has.
 * @throws CertkeepError NamesWouldBeLost when nothing can be read
 */
async function presentedDefault(
  run: DeployContext,
  { view }: Look,
  endpoint: Endpoint,
): Promise<Pick<HeldCertificate, 'names' | 'notAfter'>> {
  // A target that serves some names alone answers for its host with another certificate.
  const [servername = endpoint.host] = serverNames(endpoint.names ?? []);
  const { host, isInternal, port } = endpoint;
  const from = isInternal && { isInside: isInternal };
  const answers = await run.probe({ host, port, servername, family: null, ...from });
  const answered = answers.find((answer): answer is Answered => answer.outcome === 'answered');
  // A self-signed certificate without names serves nobody; of any other certificate without names, none was read.
  if (answered && (answered.names.length > 0 || answered.selfSigned)) return answered;
  throw new CertkeepError(
    'NamesWouldBeLost',
    `the names of the certificate at ${view.name} are in neither ACM nor an answer of the endpoint`,
  );
}
