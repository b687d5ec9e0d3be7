/**
 * S3 names to KMS the bucket where it uses a key of the bucket, as ours do, and the object otherwise
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, "Encryption context").
 */
export function inBucket(arn: string) {
  return { 'kms:EncryptionContext:aws:s3:arn': [arn, `${arn}/*`] } as const;
}
