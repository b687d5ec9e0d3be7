import type { ConfigOf } from '#shared/schema/plugin.ts';
import { albSpec } from './alb/spec.ts';
import { clbSpec } from './clb/spec.ts';

/** Every kind of target that a configuration can name. The registry is separate, since it carries the SDKs. */
export const targetSpecs = { alb: albSpec, clb: clbSpec } as const;

export type TargetConfig = ConfigOf<typeof targetSpecs>;
