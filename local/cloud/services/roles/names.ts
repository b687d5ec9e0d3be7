/** The name at the end of an ARN of IAM. */
export function nameIn(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
