import { createHash } from 'node:crypto';

/** The keys of the certificate and its chain, stored beside the record; reading them needs no right to the key. */
export function publicPartKeys(certificateId: string, versionId: string) {
  const folder = `certificates/${certificateId}/versions/${versionId}`;
  return { certificate: `${folder}/certificate.pem`, chain: `${folder}/chain.pem` };
}

export function sha256(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}
