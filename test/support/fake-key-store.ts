import type { KeyStore, StoredVersion } from '#shared/keystores/key-store.ts';
import { Secret } from '#shared/secret.ts';
import { accountKeys } from './account-keys.ts';

type Material = {
  readonly keyPem: Secret;
  readonly certificatePem: string;
  readonly chainPem: string;
};

export type FakeKeyStore = KeyStore & {
  put(certificate: string, versionId: string, material: Material): void;
  /** As if somebody had deleted the version. */
  lose(certificate: string, versionId: string): void;
};

/** A key store in memory that keeps its promises: one key an attempt, versions as they were stored. */
export function fakeKeyStore(): FakeKeyStore {
  const keys = new Map<string, Secret>();
  const versions = new Map<string, Material>();
  const current = new Map<string, string>();

  function version(certificate: string, versionId: string): StoredVersion | null {
    const material = versions.get(`${certificate}/${versionId}`);
    return material ? { versionId, ...material } : null;
  }

  function once(id: string, keyPem: Secret): Secret {
    const known = keys.get(id) ?? keyPem;
    keys.set(id, known);
    return known;
  }

  return {
    put: (certificate, id, material) => void versions.set(`${certificate}/${id}`, material),
    lose: (certificate, id) => void versions.delete(`${certificate}/${id}`),
    handleOf: (certificate, id) => `${certificate}-${id}`,
    storeKey: async (certificate, attempt, keyPem) => once(`${certificate}/${attempt}`, keyPem),
    readKey: async (certificate, attempt) => keys.get(`${certificate}/${attempt}`) ?? null,
    async storeVersion(certificate, id, material) {
      versions.set(`${certificate}/${id}`, material);
    },
    async versions(certificate) {
      const own = [...versions.keys()].filter((key) => key.startsWith(`${certificate}/`));
      return own.map((key) => key.slice(certificate.length + 1));
    },
    readVersion: async (certificate, id) => version(certificate, id),
    async current(certificate) {
      const id = current.get(certificate);
      return id ? version(certificate, id) : null;
    },
    makeRoom: async () => undefined,
    async promote(certificate, id) {
      current.set(certificate, id);
    },
    replicate: async () => undefined,
    ...accountKeys(),
  };
}

/** Key material that is none: enough where nobody looks inside. */
export function paperMaterial(versionId: string): Material {
  return {
    keyPem: new Secret(`key of ${versionId}`),
    certificatePem: `certificate of ${versionId}`,
    chainPem: `chain of ${versionId}`,
  };
}
