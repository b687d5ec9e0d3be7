import { createPublicKey, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { refuse } from './problem.ts';

const rsaSizes = [2048, 3072, 4096];
const curves = ['prime256v1', 'secp384r1'];

/** Returns the key of a CSR for exactly `names`, or refuses. */
export async function readCsr(
  encoded: unknown,
  names: readonly string[],
  accountKey: KeyObject,
): Promise<KeyObject> {
  const csr = parse(encoded);
  const key = createPublicKey({
    key: Buffer.from(csr.publicKey.rawData),
    format: 'der',
    type: 'spki',
  });
  refuseWeakKey(key);
  if (key.equals(accountKey)) {
    refuse('malformed', 'Certificate public key must be different than account key');
  }
  if (!(await csr.verify())) refuse('badCSR', 'CSR signature does not verify');
  const asked = namesIn(csr);
  if (asked.join() !== names.join()) {
    refuse(
      'badCSR',
      `CSR does not specify the same identifiers as Order: [${asked.join(', ')}] instead of [${names.join(', ')}]`,
    );
  }
  return key;
}

function parse(encoded: unknown): x509.Pkcs10CertificateRequest {
  if (typeof encoded !== 'string' || !/^[A-Za-z0-9_-]+$/.test(encoded)) {
    return refuse('malformed', 'Finalize request has no base64url "csr" without padding');
  }
  try {
    return new x509.Pkcs10CertificateRequest(Buffer.from(encoded, 'base64url'));
  } catch (error) {
    return refuse('badCSR', `Error parsing certificate request: ${(error as Error).message}`);
  }
}

function refuseWeakKey(key: KeyObject): void {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa' && rsaSizes.includes(details?.modulusLength ?? 0)) return;
  if (type === 'ec' && curves.includes(details?.namedCurve ?? '')) return;
  const size = details?.modulusLength ?? details?.namedCurve ?? '';
  refuse('badCSR', `invalid public key in CSR: ${type} ${size} is not supported`);
}

function namesIn(csr: x509.Pkcs10CertificateRequest): string[] {
  const extension = csr.extensions.find(
    (each) => each instanceof x509.SubjectAlternativeNameExtension,
  );
  const alternative = extension?.names.items ?? [];
  if (alternative.some(({ type }) => type !== 'dns')) {
    refuse('badCSR', 'CSR contains a subject alternative name that is no DNS name');
  }
  const common = csr.subjectName.getField('CN');
  const names = [...alternative.map(({ value }) => value), ...common];
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
