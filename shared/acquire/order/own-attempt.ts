import { CertkeepError, errorMessage } from '#shared/errors.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import type { Secret } from '#shared/secret.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { isForAnotherKey, readCertificate } from '#shared/x509/certificate.ts';
import { publicKeyOf } from '#shared/x509/csr.ts';
import { readCsr } from '#shared/x509/read-csr.ts';
import type { Acquisition } from '../acquisition.ts';

/**
 * Checks an attempt where it can be compared: otherwise anybody who can write a record could have a certificate for the
 * configured names issued to their own key. Runs before anything is asked of the CA.
 * @throws CertkeepError AttemptNotOurs
 */
export async function refuseForeignAttempt(
  acquisition: Acquisition,
  attempt: Attempt,
  keyPem: Secret,
): Promise<void> {
  const why = csrProblem(attempt, keyPem, acquisition.certificate.names);
  if (why) throw await notOurs(acquisition, attempt, { why, keyPem });
}

/**
 * The key under the attempt's id must not be the key of any certificate: with the id of an earlier version, a replaced key,
 * which may have leaked, would come back.
 * @throws CertkeepError AttemptNotOurs
 */
export async function refuseUsedKey(
  acquisition: Acquisition,
  attempt: Attempt,
  keyPem: Secret,
): Promise<void> {
  const stored = await acquisition.keyStore.readVersion(acquisition.certificate.id, attempt.id);
  if (!stored?.certificatePem) return;
  const why = `the key stored for it is that of version ${attempt.id}, which has its certificate`;
  throw await notOurs(acquisition, attempt, { why, keyPem });
}

function csrProblem(
  { csr }: Pick<Attempt, 'csr'>,
  keyPem: Secret,
  names: readonly string[],
): string | null {
  if (csr === null) return null;
  try {
    const { isSigned, names: asked, publicKey } = readCsr(csr);
    if (!publicKey.equals(publicKeyOf(keyPem))) return 'its CSR is for another key';
    const wanted = new Set(names.map((name) => name.toLowerCase()));
    const isSame = asked.length === wanted.size && asked.every((name) => wanted.has(name));
    if (!isSame) return `its CSR is for other names: ${cleanText(asked.join(', '), 300)}`;
    return isSigned ? null : 'its CSR is not signed with the key';
  } catch (error) {
    return `its CSR cannot be read: ${errorMessage(error)}`;
  }
}

type Found = { readonly why: string; readonly keyPem: Secret };

async function notOurs(
  acquisition: Acquisition,
  attempt: Attempt,
  { why, keyPem }: Found,
): Promise<CertkeepError> {
  const what = await traceOf(acquisition, attempt, keyPem);
  return new CertkeepError(
    'AttemptNotOurs',
    `the attempt ${cleanText(attempt.id, 100)} in the record is not one of certkeep: ${why}. Nothing was finalized for it; ${what}`,
  );
}

/** Returns the traces at the CA of an attempt that is not ours. */
async function traceOf(
  { issuer, log, certificate }: Acquisition,
  { orderUrl }: Attempt,
  keyPem: Secret,
): Promise<string> {
  if (!orderUrl) return 'it has no order';
  const named = `order ${cleanText(orderUrl, 300)}`;
  try {
    const order = await issuer.order(orderUrl);
    if (!order) return `the CA knows no ${named} of this account`;
    if (!order.certificateUrl) return `its ${named} is ${order.status}`;
    const { certificatePem } = await issuer.certificate(order.certificateUrl);
    const { serial } = readCertificate(certificatePem);
    const whose = isForAnotherKey(certificatePem, keyPem) ? 'another key' : 'the key in the store';
    return `its ${named} has the certificate with serial ${serial}, for ${whose}`;
  } catch (error) {
    const reason = errorMessage(error);
    log.warn('order not read', { stage: 'issue', certificate: certificate.id, reason });
    return `its ${named} could not be read, so a certificate for another key may exist`;
  }
}
