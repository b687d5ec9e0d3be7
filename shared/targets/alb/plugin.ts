import { listenerPlugin } from '../elbv2/plugin.ts';
import type { TargetPlugin } from '../target-plugin.ts';
import { albKind } from './kind.ts';

export const plugin = listenerPlugin(albKind) satisfies TargetPlugin;
