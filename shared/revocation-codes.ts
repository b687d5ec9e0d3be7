/**
 * What a subscriber may say of a revocation (RFC 5280 §5.3.1), as Let's Encrypt takes it
 * (https://letsencrypt.org/docs/revoking/#specifying-a-reason-code).
 */
export const revocationCodes = {
  unspecified: 0,
  keyCompromise: 1,
  superseded: 4,
  cessationOfOperation: 5,
} as const;

export type RevocationCode = keyof typeof revocationCodes;

export const revocationCodeNames = Object.keys(revocationCodes) as readonly RevocationCode[];
