import type { IssuerDeps } from '#shared/issuers/issuer-plugin.ts';
import type { Secret } from '#shared/secret.ts';

/** Keeps account keys in memory, as the key store does: whoever comes second gets the first one's. */
export function accountKeys(): IssuerDeps['keyStore'] & {
  readonly names: () => string[];
  /** The keys that somebody stored to follow another one. */
  readonly successors: () => number;
} {
  const keys = new Map<string, Secret>();
  const next = new Map<string, Secret>();
  return {
    names: () => [...keys.keys()],
    successors: () => next.size,
    showThumbprint: async () => undefined,
    async accountKey(issuer, create) {
      const key = keys.get(issuer) ?? create();
      keys.set(issuer, key);
      return key;
    },
    nextAccountKey: async (issuer, thumbprint) => next.get(`${issuer} ${thumbprint}`) ?? null,
    async storeNextAccountKey(issuer, thumbprint, create) {
      const key = next.get(`${issuer} ${thumbprint}`) ?? create();
      next.set(`${issuer} ${thumbprint}`, key);
      return key;
    },
    async promoteAccountKey(issuer, thumbprint) {
      const key = next.get(`${issuer} ${thumbprint}`);
      if (!key) throw new Error('no such key');
      keys.set(issuer, key);
    },
  };
}
