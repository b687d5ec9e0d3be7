import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { TargetView } from '#shared/targets/target.ts';
import type { DeployContext, Look } from '../../context.ts';
import type { HeldCertificate } from '../../import/acm.ts';
import { askEndpoint } from '../../probe/ask.ts';
import type { Identity } from '../../probe/identity.ts';

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
  const own = versions.filter(({ origin }) => origin?.staging);
  const served = view.endpoint === null ? await heldAt(run, view, own) : await answers(run, view);
  const kept = served.find((each) => {
    const isOwn = own.some((version) => version.fingerprintSha256 === each?.fingerprintSha256);
    const isOver = each !== null && each.notAfter !== null && each.notAfter <= run.clock.now();
    return !isOwn && !isOver && each?.selfSigned !== true;
  });
  if (kept === undefined) return;
  const what = kept ? `the certificate ${kept.serial}` : 'nobody knows what';
  throw new CertkeepError(
    'StagingWouldReplace',
    `${view.name} serves ${what}; a certificate of a staging issuer does not take its place`,
  );
}

type Served = Pick<HeldCertificate, 'serial' | 'fingerprintSha256' | 'notAfter'> & {
  readonly selfSigned?: true;
};

/** Null for what is not known. */
async function answers(run: DeployContext, { endpoint }: TargetView): Promise<(Served | null)[]> {
  const all = await askEndpoint(run.probe, endpoint, run.version);
  if (all.length === 0) return [null];
  return all.map((answer) => (answer.outcome === 'answered' ? answer : null));
}

/** The certificate that a target without an endpoint holds; none where ACM does not have it, since then it serves nobody. */
async function heldAt(
  { acm }: DeployContext,
  view: TargetView,
  own: readonly Identity[],
): Promise<readonly Served[]> {
  const held = view.default === null ? null : await acm.describe(view.default, own);
  return held ? [held] : [];
}
