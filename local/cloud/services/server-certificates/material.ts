import type { UploadServerCertificateCommandInput } from '@aws-sdk/client-iam';
import { AwsError } from '../../wire/service.ts';
import { checkChain } from '../acm/import-rules.ts';
import { type CertificateMaterial, readMaterial } from '../acm/material.ts';

type Given = Pick<
  UploadServerCertificateCommandInput,
  'CertificateBody' | 'PrivateKey' | 'CertificateChain'
>;

/** The member limits of UploadServerCertificate in the API model. */
const maxBytes = { certificateBody: 16_384, privateKey: 16_384, certificateChain: 2_097_152 };

/** IAM's rules for what is uploaded (id_credentials_server-certs_manage.html). Throws MalformedCertificate and KeyPairMismatch. */
export function uploadedMaterial(input: Given, now: Date): CertificateMaterial {
  const { CertificateBody, PrivateKey, CertificateChain } = input;
  assertLength('certificateBody', CertificateBody);
  assertLength('privateKey', PrivateKey);
  if (CertificateChain !== undefined) assertLength('certificateChain', CertificateChain);
  const material = orMalformed(() =>
    readMaterial({
      Certificate: Buffer.from(CertificateBody ?? ''),
      PrivateKey: Buffer.from(PrivateKey ?? ''),
      ...(CertificateChain !== undefined && { CertificateChain: Buffer.from(CertificateChain) }),
    }),
  );
  const { key, leaf } = material;
  if (!leaf.checkPrivateKey(key)) {
    const message = 'The certificate and private key do not match.';
    throw new AwsError('KeyPairMismatch', message);
  }
  if (now < leaf.validFromDate || now > leaf.validToDate) {
    throw malformed('The certificate is not valid at this time.');
  }
  orMalformed(() => checkChain(material));
  return material;
}

function assertLength(member: keyof typeof maxBytes, text: string | undefined): void {
  const max = maxBytes[member];
  if (text && text.length <= max) return;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length between 1 and ${max}`,
  );
}

function orMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw Object.assign(malformed(cause.message), { cause });
  }
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedCertificate', message);
}
