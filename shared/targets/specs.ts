import type { ConfigOf } from '#shared/schema/plugin.ts';
import { albSpec } from './alb/spec.ts';
import { clbSpec } from './clb/spec.ts';

/** Everything a configuration can name as a target. Apart from the registry, which carries the SDKs. */
export const targetSpecs = { alb: albSpec, clb: clbSpec } as const;

export type TargetConfig = ConfigOf<typeof targetSpecs>;
