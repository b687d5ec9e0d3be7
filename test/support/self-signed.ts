import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { MadeCertificate } from 'local-cloud/kit/certificates.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** As a person makes one by hand: the name stands in the subject alone, and nobody else has signed it. */
export async function selfSigned(commonName: string, now: Date): Promise<MadeCertificate> {
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const [notBefore, notAfter] = [addMs(now, -dayMs), addMs(now, 30 * dayMs)];
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: signing,
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificatePem: made.toString('pem'),
    chainPem: '',
    keyPem: x509.PemConverter.encode(key, 'PRIVATE KEY'),
    serial: made.serialNumber.toUpperCase(),
    notBefore,
    notAfter,
  };
}
