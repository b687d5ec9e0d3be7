import { addMs, dayMs, systemClock } from '../clock.ts';
import { createCertificateAuthority, makeKey } from './x509.ts';

export type ServerCertificate = {
  readonly keyPem: string;
  /** Leaf and intermediate, as the server sends them. */
  readonly certificatePem: string;
  /** Clients must trust this root. */
  readonly rootPem: string;
};

/** For servers on loopback. TLS clients use the machine's own time, whatever clock a test uses. */
export async function makeServerCertificate(name: string): Promise<ServerCertificate> {
  const now = systemClock.now();
  const authority = await createCertificateAuthority({ name, now });
  const { publicKey, keyPem } = makeKey('ecdsa-p256');
  const leaf = await authority.issue({
    names: ['localhost', '127.0.0.1'],
    publicKey,
    notBefore: addMs(now, -dayMs),
    notAfter: addMs(now, 365 * dayMs),
  });
  return {
    keyPem,
    certificatePem: `${leaf.certificatePem.trimEnd()}\n${leaf.chainPem}`,
    rootPem: authority.rootPem,
  };
}
