import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../wire/service.ts';

export type Checksums = {
  readonly ContentMD5?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
};

const digests: { readonly [Name in keyof Checksums]-?: (body: Uint8Array) => string } = {
  ContentMD5: (body) => createHash('md5').update(body).digest('base64'),
  ChecksumCRC32: crc32Of,
  ChecksumSHA1: (body) => createHash('sha1').update(body).digest('base64'),
  ChecksumSHA256: (body) => createHash('sha256').update(body).digest('base64'),
};

/** Compares every checksum from the client with that of the body. The caller refuses S3's other algorithms. */
export function verifyChecksums(given: Checksums, body: Uint8Array): void {
  for (const name of Object.keys(digests) as (keyof Checksums)[]) {
    if (given[name] !== undefined && given[name] !== digests[name](body)) {
      throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
    }
  }
}

/** S3's form: big-endian in base64. */
export function crc32Of(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}
