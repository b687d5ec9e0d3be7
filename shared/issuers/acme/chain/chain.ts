import { X509Certificate } from 'node:crypto';
import { CertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { isRoot } from '#shared/x509/certificate.ts';
import { pemBlocks } from '#shared/x509/pem.ts';
import { hasSigned } from '#shared/x509/readable.ts';
import type { IssuedChain } from '../../issuer.ts';

/** Let's Encrypt sends up to four; ACM accepts far fewer than this. */
const maxCertificates = 10;

export type SplitChain = IssuedChain & {
  /** Subjects of certificates that belong to no chain of the leaf: cross-signed twins, and leftovers. */
  readonly ignored: readonly string[];
};

/**
 * Splits the CA's answer (RFC 8555 §7.4.2) into the leaf and the chain above it. ACM wants each certificate certified by
 * the next, and no root; the RFC only says SHOULD about the order. A root that signed the leaf itself stays: ACM rejects a
 * CA's certificate without a chain. Where several certify the same one, the CA's first is taken; clients find other paths
 * themselves (RFC 8446 §4.4.2).
 */
export function splitChain(pem: unknown): SplitChain {
  const [leaf, ...others] = withoutTwins(certificatesIn(pem));
  if (!leaf) throw invalid('no certificate');
  const chain: X509Certificate[] = [];
  const rest = new Set(others);
  for (let below = leaf; ; ) {
    const above = [...rest].find((each) => !isRoot(each) && hasSigned(each, below));
    if (!above) break;
    chain.push(above);
    rest.delete(above);
    below = above;
  }
  const ignored = [...rest].filter((each) => !isRoot(each));
  if (chain.length === 0 && ignored.length > 0) throw invalid('a certificate outside of its chain');
  if (chain.length === 0) chain.push(...others.filter((each) => hasSigned(each, leaf)).slice(0, 1));
  return {
    certificatePem: leaf.toString(),
    chainPem: chain.map(String).join(''),
    ignored: ignored.map(({ subject }) => cleanText(subject ?? '', 200)),
  };
}

function withoutTwins(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  const byBytes = new Map(certificates.map((each) => [each.fingerprint256, each]));
  return [...byBytes.values()];
}

/** @throws CertkeepError IssuerAnswerInvalid */
export function certificatesIn(pem: unknown): readonly X509Certificate[] {
  if (typeof pem !== 'string') throw invalid('no PEM');
  const blocks = pemBlocks(pem);
  if (blocks.length > maxCertificates) throw invalid(`more than ${maxCertificates} certificates`);
  return blocks.map(({ label, text }) => {
    if (label !== 'CERTIFICATE') throw invalid('something other than certificates');
    try {
      return new X509Certificate(text);
    } catch (error) {
      throw invalid('an unreadable certificate', error);
    }
  });
}

function invalid(what: string, cause?: unknown): CertkeepError {
  return new CertkeepError('IssuerAnswerInvalid', `the CA sent ${what}`, { cause });
}
