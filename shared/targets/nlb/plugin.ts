import { listenerPlugin } from '../elbv2/plugin.ts';
import type { TargetPlugin } from '../target-plugin.ts';
import { nlbKind } from './kind.ts';

export const plugin = listenerPlugin(nlbKind) satisfies TargetPlugin;
