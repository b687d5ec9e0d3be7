import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Secret } from '#shared/secret.ts';

/** Keeps account keys in memory, as the key store does: whoever comes second gets the first one's. */
export function accountKeys(): Pick<KeyStore, 'accountKey' | 'showThumbprint'> & {
  readonly names: () => string[];
} {
  const keys = new Map<string, Secret>();
  return {
    names: () => [...keys.keys()],
    showThumbprint: async () => undefined,
    async accountKey(issuer, create) {
      const key = keys.get(issuer) ?? create();
      keys.set(issuer, key);
      return key;
    },
  };
}
