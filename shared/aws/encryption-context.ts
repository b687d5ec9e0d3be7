/**
 * The encryption context that S3 sends to KMS: the bucket where it uses a bucket key, as ours do, otherwise the object
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, "Encryption context").
 */
export function inBucket(arn: string) {
  return { 'kms:EncryptionContext:aws:s3:arn': [arn, `${arn}/*`] } as const;
}
