import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import type { CertificateMaterial } from '../services/acm/material.ts';

export type TlsVersions = { readonly min: SecureVersion; readonly max: SecureVersion };

// The server's order counts, so that ECDSA comes before RSA in TLS 1.2 (ciphers) and 1.3 (signatures).
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');
const signatures = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'rsa_pkcs1_sha384',
  'rsa_pkcs1_sha512',
].join(':');

/** Keeps TLS contexts by their content: creating one takes longer than a handshake should. */
export function tlsContexts(): (
  offered: readonly CertificateMaterial[],
  versions: TlsVersions,
) => SecureContext {
  const known = new Map<string, SecureContext>();
  return (offered, versions) => {
    const key = [versions.min, versions.max, ...offered.map((each) => each.leaf.fingerprint256)];
    const id = key.join(' ');
    const context = known.get(id) ?? contextOf(offered, versions);
    known.set(id, context);
    return context;
  };
}

function contextOf(offered: readonly CertificateMaterial[], versions: TlsVersions): SecureContext {
  return createSecureContext({
    key: offered.map(({ key }) => key.export({ type: 'pkcs8', format: 'pem' })),
    cert: offered.map(servedPem),
    minVersion: versions.min,
    maxVersion: versions.max,
    honorCipherOrder: true,
    ciphers,
    sigalgs: signatures,
  });
}

/** Leaf and chain, without a root that was imported with them. */
function servedPem({ leaf, chain }: CertificateMaterial): string {
  const sent = chain.filter((certificate) => !certificate.checkIssued(certificate));
  return [leaf, ...sent].map(String).join('');
}
