import { snsSpec } from './sns/spec.ts';

export const channelSpecs = { sns: snsSpec } as const;
