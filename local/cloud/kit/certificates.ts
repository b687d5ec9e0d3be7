import type { KeyAlgorithm } from '../ca/x509.ts';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  type IssueRequest,
  type KeyPair,
  makeKey,
} from '../ca/x509.ts';
import { addMs, dayMs, hourMs } from '../clock.ts';

export type MadeCertificate = {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: string;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
};

export type CertificateWish = Partial<Omit<IssueRequest, 'publicKey'>> & {
  readonly key?: KeyAlgorithm;
  /** Decides the validity where none is wished for: from an hour ago on, 90 days. */
  readonly now?: Date;
  readonly ca?: CertificateAuthority;
};

/** The start of `virtualClock()`. */
const usualNow = new Date('2026-11-22T03:00:00Z');
let usualCa: Promise<CertificateAuthority> | undefined;
const rsaKeys = new Map<KeyAlgorithm, KeyPair>();

/** A real certificate for shop.example.com with a P-256 key, unless wished for otherwise. */
export async function makeCertificate(wish: CertificateWish = {}): Promise<MadeCertificate> {
  const { key: algorithm = 'ecdsa-p256', now = usualNow, ca = await sharedCa(), ...request } = wish;
  const key = keyOf(algorithm);
  const notBefore = request.notBefore ?? addMs(now, -hourMs);
  const notAfter = request.notAfter ?? addMs(notBefore, 90 * dayMs);
  const names = request.names ?? ['shop.example.com'];
  const issued = await ca.issue({
    ...request,
    names,
    notBefore,
    notAfter,
    publicKey: key.publicKey,
  });
  return { ...issued, keyPem: key.keyPem, notBefore, notAfter };
}

/** As ImportCertificate takes it. */
export function importInput(certificate: MadeCertificate) {
  return {
    Certificate: Buffer.from(certificate.certificatePem),
    PrivateKey: Buffer.from(certificate.keyPem),
    CertificateChain: Buffer.from(certificate.chainPem),
  };
}

/** The CA behind every certificate that names none, one a process. */
export function sharedCa(): Promise<CertificateAuthority> {
  usualCa ??= createCertificateAuthority({ name: 'Test', now: usualNow });
  return usualCa;
}

/** RSA keys are slow to make: one of each size a process. */
function keyOf(algorithm: KeyAlgorithm): KeyPair {
  if (!algorithm.startsWith('rsa-')) return makeKey(algorithm);
  const key = rsaKeys.get(algorithm) ?? makeKey(algorithm);
  rsaKeys.set(algorithm, key);
  return key;
}
