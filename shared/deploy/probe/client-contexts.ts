import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from 'node:tls';
import type { KeyFamily } from '#shared/key-algorithm.ts';

/** Signature algorithms of a handshake with an ECDSA key. */
const byEcdsa = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'ecdsa_secp521r1_sha512',
] as const;
/** Signature algorithms with an RSA key, in TLS 1.3 and 1.2. */
const byRsa = ['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pss_rsae_sha512'] as const;
/**
 * Signature algorithms with an RSA key in TLS 1.2; in TLS 1.3 only for certificates, never for a handshake (RFC 8446
 * §4.2.3).
 */
const byOldRsa = ['rsa_pkcs1_sha256', 'rsa_pkcs1_sha384', 'rsa_pkcs1_sha512'] as const;

const restrictions = {
  // An ECDSA certificate may have an RSA issuer: the list covers the chain as well (RFC 8446 §4.2.3).
  ecdsa: { sigalgs: [...byEcdsa, ...byOldRsa], ciphers: `${DEFAULT_CIPHERS}:!aRSA` },
  rsa: { sigalgs: [...byRsa, ...byOldRsa], ciphers: `${DEFAULT_CIPHERS}:!aECDSA` },
} as const satisfies Record<KeyFamily, { sigalgs: readonly string[]; ciphers: string }>;

/**
 * Clients that can use keys of one family only, or of all (null). TLS 1.3 selects by the signature algorithms, TLS 1.2 by
 * the cipher suites too. A new context for each handshake would cost a sixth of it.
 */
export function clientContexts(): (family: KeyFamily | null) => SecureContext {
  const made = new Map<KeyFamily | null, SecureContext>();
  return (family) => {
    const context = made.get(family) ?? contextOf(family);
    made.set(family, context);
    return context;
  };
}

function contextOf(family: KeyFamily | null): SecureContext {
  if (family === null) return createSecureContext();
  const { sigalgs, ciphers } = restrictions[family];
  return createSecureContext({ sigalgs: sigalgs.join(':'), ciphers });
}
