import { acmeSpec } from './acme/spec.ts';

export const issuerSpecs = { acme: acmeSpec } as const;
