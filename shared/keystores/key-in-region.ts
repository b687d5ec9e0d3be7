/** The name of a KMS key in another region: an alias is the same there, and a multi-Region key has the same id. */
export function keyInRegion(keyId: string, region: string): string {
  return keyId.replace(/^(arn:[^:]+:kms):[^:]+:/, `$1:${region}:`);
}
