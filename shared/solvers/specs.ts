import type { ConfigOf } from '#shared/schema/plugin.ts';
import { albHttp01Spec } from './alb-http01/spec.ts';
import { alidnsSpec } from './alidns/spec.ts';
import { cloudflareSpec } from './cloudflare/spec.ts';
import { dnspodSpec } from './dnspod/spec.ts';
import { route53Spec } from './route53/spec.ts';

export const solverSpecs = {
  route53: route53Spec,
  cloudflare: cloudflareSpec,
  alidns: alidnsSpec,
  dnspod: dnspodSpec,
  'alb-http01': albHttp01Spec,
} as const;

/** The configuration of a solver without its selector. */
export type RetiredSolverConfig = ConfigOf<typeof solverSpecs>;
export type SolverConfig = {
  /** cert-manager's selector rules; no selector means the default solver. */
  readonly selector?: {
    readonly dnsNames?: readonly string[];
    readonly dnsZones?: readonly string[];
  };
} & RetiredSolverConfig;
