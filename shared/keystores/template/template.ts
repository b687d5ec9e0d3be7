import { CertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import type { KeyStore, KeyWatch, StoredVersion } from '../key-store.ts';
import type { DocumentClient } from './client.ts';

/** Everything that is kept of a certificate. Keys are plain text here and nowhere else. */
type Held = {
  readonly current: string | null;
  /** Versions by attempt or version id: one that begins with a key alone becomes complete under the same id. */
  readonly versions: Readonly<Record<string, HeldVersion>>;
};
type HeldVersion = {
  readonly key: string;
  readonly certificate: string | null;
  readonly chain: string | null;
};
const nothing: Held = { current: null, versions: {} };

/** A lost round means that somebody else's write went through. */
const mostTries = 10;

export function templateWatch(client: Pick<DocumentClient, 'read'>): KeyWatch {
  return {
    async stateOf(certificate, versionId) {
      const held = (await client.read<Held>(`certificates/${certificate}`))?.document;
      if (!held) return 'missing';
      return held.current === versionId ? 'there' : 'another-version';
    },
  };
}

export function templateKeyStore(client: DocumentClient): KeyStore {
  const read = async (certificate: string) =>
    (await client.read<Held>(`certificates/${certificate}`))?.document ?? nothing;

  /** Compare-and-swap: returns what the store holds after the write. */
  async function update(path: string, change: (held: Held) => Held): Promise<Held> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const stored = await client.read<Held>(path);
      const before = stored?.document ?? nothing;
      const after = change(before);
      if (after === before) return before;
      if (await client.write(path, after, stored?.version ?? 0)) return after;
    }
    throw new CertkeepError('KeyStoreUnreadable', `${path}: others wrote first`);
  }
  const withVersion = (held: Held, id: string, version: HeldVersion): Held => ({
    ...held,
    versions: { ...held.versions, [id]: version },
  });
  /** An earlier run may have stored a key for this attempt, and a CSR with it may have been sent. */
  const withKey = (held: Held, id: string, keyPem: Secret): Held =>
    held.versions[id]
      ? held
      : withVersion(held, id, { key: keyPem.reveal(), certificate: null, chain: null });

  return {
    async storeKey(certificate, attempt, keyPem) {
      const held = await update(`certificates/${certificate}`, (before) =>
        withKey(before, attempt, keyPem),
      );
      return new Secret(held.versions[attempt]?.key ?? '');
    },
    async readKey(certificate, attempt) {
      const version = (await read(certificate)).versions[attempt];
      return version ? new Secret(version.key) : null;
    },
    async storeVersion(certificate, id, { certificatePem, chainPem, keyPem }) {
      const version = { key: keyPem.reveal(), certificate: certificatePem, chain: chainPem };
      await update(`certificates/${certificate}`, (held) => withVersion(held, id, version));
    },
    readVersion: async (certificate, id) => storedIn(await read(certificate), id),
    handleOf: (_, versionId) => versionId,
    async versions(certificate) {
      const { versions } = await read(certificate);
      return Object.keys(versions).filter((id) => versions[id]?.certificate !== null);
    },
    async current(certificate) {
      const held = await read(certificate);
      return held.current === null ? null : storedIn(held, held.current);
    },
    // A document never reaches its size limit.
    makeRoom: async () => undefined,
    async promote(certificate, id, keep) {
      await update(`certificates/${certificate}`, ({ versions }) => ({
        current: id,
        versions: Object.fromEntries(
          Object.entries(versions).filter(([each]) => each === id || keep.includes(each)),
        ),
      }));
    },
    replicate: async () => undefined,
    showThumbprint: async () => undefined,
    async nextAccountKey(name, thumbprint) {
      const stored = await client.read<Held>(`accounts/${name}`);
      const key = stored?.document.versions[nextOf(thumbprint)]?.key;
      return key === undefined ? null : new Secret(key);
    },
    async storeNextAccountKey(name, thumbprint, create) {
      const id = nextOf(thumbprint);
      const held = await update(`accounts/${name}`, (before) => withKey(before, id, create()));
      return new Secret(held.versions[id]?.key ?? '');
    },
    async promoteAccountKey(name, thumbprint) {
      await update(`accounts/${name}`, (held) => {
        const next = held.versions[nextOf(thumbprint)];
        return next ? withVersion(held, 'key', next) : held;
      });
    },
    async accountKey(name, create, former) {
      const known = former === undefined ? null : await client.read<Held>(`accounts/${former}`);
      const kept = known?.document.versions.key?.key;
      const held = await update(`accounts/${name}`, (before) =>
        before.versions.key
          ? before
          : withKey(before, 'key', kept === undefined ? create() : new Secret(kept)),
      );
      return new Secret(held.versions.key?.key ?? '');
    },
  };
}

function nextOf(thumbprint: string): string {
  return `after-${thumbprint}`;
}

function storedIn({ versions }: Held, id: string): StoredVersion | null {
  const version = versions[id];
  if (!version) return null;
  const { certificate, chain, key } = version;
  return {
    versionId: id,
    keyPem: new Secret(key),
    certificatePem: certificate,
    chainPem: chain,
  };
}
