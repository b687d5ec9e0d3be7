import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { DeployContext, Look } from '../context.ts';
import { askEndpoint } from '../probe/ask.ts';
import type { ProbeAnswer } from '../probe/probe.ts';

/**
 * A certificate that no client trusts replaces only its like: earlier test versions, self-signed certificates, expired
 * ones. If an endpoint does not answer, what it serves is unknown.
 * @throws CertkeepError StagingWouldReplace
 */
export async function checkStaging(
  run: DeployContext,
  { versions }: Pick<CertificateRecord, 'versions'>,
  { view }: Look,
): Promise<void> {
  if (!run.version.origin?.staging) return;
  const own = new Set(
    versions.filter(({ origin }) => origin?.staging).map((each) => each.fingerprintSha256),
  );
  const answers = await askEndpoint(run.probe, view.endpoint, run.version);
  const isReplaceable = (answer: ProbeAnswer) =>
    answer.outcome === 'answered' &&
    (own.has(answer.fingerprintSha256) ||
      answer.selfSigned === true ||
      answer.notAfter <= run.clock.now());
  const kept = answers.find((answer) => !isReplaceable(answer));
  if (!kept && answers.length > 0) return;
  const served =
    kept?.outcome === 'answered' ? `the certificate ${kept.serial}` : 'nobody knows what';
  throw new CertkeepError(
    'StagingWouldReplace',
    `${view.name} serves ${served}; a certificate of a staging issuer does not take its place`,
  );
}
