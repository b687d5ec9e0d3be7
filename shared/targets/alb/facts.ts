import { listenerFacts } from '../elbv2/facts.ts';
import type { TargetFacts } from '../target-plugin.ts';
import { albKind } from './kind.ts';

export const albFacts = listenerFacts(albKind) satisfies TargetFacts;
