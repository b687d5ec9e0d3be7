import type { ConfigOf } from '#shared/schema/plugin.ts';
import { acmeSpec } from './acme/spec.ts';

export const issuerSpecs = { acme: acmeSpec } as const;

export type IssuerConfig = ConfigOf<typeof issuerSpecs> & {
  /** The registered domain of its directory, which also has its pages for people. */
  readonly webDomain?: string;
};
