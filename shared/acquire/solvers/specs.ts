import { route53Spec } from './route53/spec.ts';

export const solverSpecs = { route53: route53Spec } as const;
