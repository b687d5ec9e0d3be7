import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { DeployContext, Look } from '../context.ts';
import { askEndpoint } from '../probe/ask.ts';
import type { ProbeAnswer } from '../probe/probe.ts';

/**
 * What no client trusts takes only the place of its like: of earlier versions of the kind, of what signed
 * itself, of what has ended. What an endpoint that does not answer serves is not known.
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
