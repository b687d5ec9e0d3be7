import { secretsManagerSpec } from './secrets-manager/spec.ts';

export const keyStoreSpecs = { 'secrets-manager': secretsManagerSpec } as const;
