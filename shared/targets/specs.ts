import type { ConfigOf } from '#shared/schema/plugin.ts';
import { acmSpec } from './acm/spec.ts';
import { albSpec } from './alb/spec.ts';
import { apiGatewaySpec } from './api-gateway/spec.ts';
import { clbSpec } from './clb/spec.ts';
import { cloudfrontSpec } from './cloudfront/spec.ts';
import { filesSpec } from './files/spec.ts';
import { nlbSpec } from './nlb/spec.ts';

/** Every kind of target that a configuration can name. The registry is separate, since it carries the SDKs. */
export const targetSpecs = {
  alb: albSpec,
  nlb: nlbSpec,
  clb: clbSpec,
  acm: acmSpec,
  cloudfront: cloudfrontSpec,
  'api-gateway': apiGatewaySpec,
  files: filesSpec,
} as const;

export type TargetConfig = ConfigOf<typeof targetSpecs>;
