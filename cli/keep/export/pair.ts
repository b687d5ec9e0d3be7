import { X509Certificate } from 'node:crypto';
import type { WholeVersion } from '#shared/keystores/key-store.ts';
import { checkIssued, readCertificate } from '#shared/x509/certificate.ts';
import { certificatePems } from '#shared/x509/pem.ts';

/**
 * Lists what is wrong with a stored pair, as sentences; empty where a server can serve these names with it.
 * @throws CertkeepError CertificateRejected where the certificate cannot be read
 */
export function problemsOf(
  { certificatePem, chainPem, keyPem }: WholeVersion,
  { names, now }: { readonly names: readonly string[]; readonly now: Date },
): readonly string[] {
  const { keyAlgorithm } = readCertificate(certificatePem);
  if (!keyAlgorithm) return ['its key is of a kind that certkeep does not make'];
  const issued = { certificatePem, chainPem };
  const problems = checkIssued(issued, { names: [], keyPem, keyAlgorithm, now });
  const leaf = new X509Certificate(certificatePem);
  const missing = names.filter((name) => leaf.checkHost(name) === undefined);
  return missing.length > 0 ? [...problems, `it is not for ${missing.join(', ')}`] : problems;
}

/** The certificates of a pair as PEM, the leaf first, each with a line end. */
export function chainOf({ certificatePem, chainPem }: WholeVersion): readonly string[] {
  return certificatePems(`${certificatePem}\n${chainPem}`).map((pem) => `${pem}\n`);
}
