import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

export type KeyFamily = 'ecdsa' | 'rsa';

/** The signature algorithms of a client that supports one key family only (RFC 8446 §4.2.3). */
const signatures: Readonly<Record<KeyFamily, string>> = {
  ecdsa: 'ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512',
  rsa: [
    'rsa_pss_rsae_sha256',
    'rsa_pss_rsae_sha384',
    'rsa_pss_rsae_sha512',
    'rsa_pkcs1_sha256',
    'rsa_pkcs1_sha384',
    'rsa_pkcs1_sha512',
  ].join(':'),
};

export type Handshake = {
  readonly host: string;
  readonly port: number;
  /** Null for a client without SNI. */
  readonly servername: string | null;
  /** Null for a client that supports every key. */
  readonly family: KeyFamily | null;
  readonly timeoutMs: number;
};

/**
 * Makes a handshake as one client would, and returns the served certificate. It does not verify the chain.
 * @throws the error that ended the handshake
 */
export function shakeHands(asked: Handshake): Promise<X509Certificate> {
  const { host, port, servername, family, timeoutMs } = asked;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      ...(servername !== null && { servername }),
      ...(family && { sigalgs: signatures[family] }),
    });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no handshake within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate) resolve(certificate);
      socket.destroy();
    });
    // This listener also catches later errors: a node may reset a connection that we close first.
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the connection was closed before the handshake ended'));
    });
  });
}
