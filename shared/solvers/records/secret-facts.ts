/** The facts that all services with keys in a secret share. */
export function secretFacts<Config extends { readonly secret: string }>() {
  return {
    challenge: 'dns-01',
    requestsForValue: 2,
    rateOwner({ secret }: Config) {
      return secret;
    },
    permissionValues({ secret }: Config) {
      const [, , , region, account] = secret.split(':');
      return {
        secret: secretArns(secret),
        secretRegion: [region ?? '{region}'],
        secretPlace: [`${region ?? '{region}'}:${account ?? '{account}'}`],
      };
    },
  } as const;
}

/**
 * Secrets Manager appends a hyphen and six characters to a name; an ARN works with and without them
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html).
 */
function secretArns(secret: string): readonly string[] {
  if (!secret.startsWith('arn:')) {
    return [`arn:{partition}:secretsmanager:{region}:{account}:secret:${secret}-??????`];
  }
  // The last six characters may belong to the name itself: `dns-tokens`.
  const mayBeWhole = /-[A-Za-z0-9]{6}$/.test(secret);
  return [...(mayBeWhole ? [secret] : []), `${secret}-??????`];
}
