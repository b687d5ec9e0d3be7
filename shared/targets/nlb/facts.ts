import { listenerFacts } from '../elbv2/facts.ts';
import type { TargetFacts } from '../target-plugin.ts';
import { nlbKind } from './kind.ts';

export const nlbFacts = listenerFacts(nlbKind) satisfies TargetFacts;
