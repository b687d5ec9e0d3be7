import { CertkeepError } from '#shared/errors.ts';
import { accountSecret, certificateSecret } from '#shared/installation.ts';
import type { Secret } from '#shared/secret.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type KeyStore, type StoredVersion, thumbprintTag } from '../key-store.ts';
import {
  currentLabel,
  labelledVersions,
  movesToDrop,
  movesToPromote,
  movesToPromoteAccount,
  pendingLabel,
  versionLabel,
} from './labels.ts';
import {
  openedMaterial,
  placeholder,
  sealedMaterial,
  type TokenKind,
  versionToken,
} from './material.ts';
import { failedStatus, type Sealing, type SecretsClient } from './secrets-client.ts';
import { untilVisible } from './until-visible.ts';

export type SecretsManagerPorts = {
  readonly client: SecretsClient;
  readonly clock: Clock;
  /** Prefixes the names of the secrets, so that two installations in one account share nothing. */
  readonly installation: string;
  /** The KMS key of new secrets: an alias, which is the same in every region, or the ARN of a key at home. */
  readonly keyId: string;
  /** New secrets get a replica in these regions. */
  readonly replicaRegions: readonly string[];
  /** Says whether a permanent rule needs the thumbprints of the account keys. */
  readonly showsThumbprints: boolean;
};

/** Keeps keys in Secrets Manager: `<installation>/<certificate>` and `<installation>-accounts/<CA>`, in the home region. */
export function secretsManagerKeyStore(ports: SecretsManagerPorts): KeyStore {
  return {
    storeKey: (certificate, attemptId, keyPem) => storeKey(ports, certificate, attemptId, keyPem),
    readKey: async (certificate, attemptId) =>
      (await readAs(ports, certificate, attemptId, 'key'))?.keyPem ?? null,
    storeVersion: (certificate, versionId, material) =>
      storeVersion(ports, certificate, { versionId, ...material }),
    readVersion: async (certificate, versionId) =>
      (await readAs(ports, certificate, versionId, 'full')) ??
      (await readAs(ports, certificate, versionId, 'key')),
    handleOf: (certificate, versionId) => versionToken(certificate, versionId, 'full'),
    versions: (certificate) => versions(ports, certificate),
    current: (certificate) => current(ports, certificate),
    makeRoom: (certificate, keep) => makeRoom(ports, certificate, keep),
    promote: (certificate, versionId, keep) => promote(ports, certificate, versionId, keep),
    replicate: (certificate, accounts) => replicate(ports, certificate, accounts),
    accountKey: (name, create, former) => accountKey(ports, { name, former }, create),
    nextAccountKey: (name, thumbprint) =>
      ports.client.read(
        accountSecret(ports.installation, name),
        versionToken(name, thumbprint, 'account'),
      ),
    storeNextAccountKey: (name, thumbprint, create) =>
      storeNextAccountKey(ports, { name, thumbprint }, create),
    promoteAccountKey: (name, thumbprint) => promoteAccountKey(ports, { name, thumbprint }),
    showThumbprint: (name, thumbprint) => showThumbprint(ports, name, thumbprint),
  };
}

async function storeKey(
  ports: SecretsManagerPorts,
  certificate: string,
  attemptId: string,
  keyPem: Secret,
): Promise<Secret> {
  const version = { versionId: attemptId, keyPem, certificatePem: null, chainPem: null };
  const outcome = await put(ports, certificate, version, 'key', pendingLabel);
  const stored = await readBack(ports, certificate, attemptId, 'key');
  // An earlier run of this attempt was interrupted after it stored its key, which is the attempt's.
  if (outcome === 'token-taken' || isSameKey(stored, version)) return stored.keyPem;
  throw differs(ports, certificate, attemptId);
}

async function storeVersion(
  ports: SecretsManagerPorts,
  certificate: string,
  version: StoredVersion,
): Promise<void> {
  const { versionId } = version;
  const outcome = await put(ports, certificate, version, 'full', versionLabel(versionId));
  const stored = await readBack(ports, certificate, versionId, 'full');
  const isSame =
    isSameKey(stored, version) && stored.certificatePem?.trim() === version.certificatePem?.trim();
  // A CA may send another, equally good chain when it is asked for the certificate again.
  const isSameChain = outcome === 'token-taken' || stored.chainPem === version.chainPem;
  if (!isSame || !isSameChain) throw differs(ports, certificate, versionId);
}

function isSameKey(one: StoredVersion, other: StoredVersion): boolean {
  return one.keyPem.reveal() === other.keyPem.reveal();
}

function differs(
  { installation }: SecretsManagerPorts,
  certificate: string,
  versionId: string,
): CertkeepError {
  const secret = certificateSecret(installation, certificate);
  return new CertkeepError(
    'StoredVersionDiffers',
    `secret ${secret} holds something else as version ${versionId}`,
  );
}

async function put(
  ports: SecretsManagerPorts,
  certificate: string,
  version: StoredVersion,
  kind: TokenKind,
  label: string,
): Promise<'stored' | 'token-taken'> {
  const { client, installation } = ports;
  const secret = certificateSecret(installation, certificate);
  const token = versionToken(certificate, version.versionId, kind);
  const sealed = { token, value: sealedMaterial(version) };
  const outcome = await client.put(secret, sealed, [label]);
  if (outcome !== 'no-secret') return outcome;
  const first = { token: versionToken(certificate, '', 'placeholder'), value: placeholder };
  // Another run has created the secret with the same placeholder.
  await client.create(secret, first, sealingOf(ports));
  const again = await client.put(secret, sealed, [label]);
  if (again !== 'no-secret') return again;
  throw new CertkeepError(
    'KeyStoreUnreadable',
    `secret ${secret} is gone right after its creation`,
  );
}

function sealingOf({ keyId, replicaRegions }: SecretsManagerPorts): Sealing {
  return { keyId, regions: replicaRegions };
}

async function readAs(
  { client, installation }: SecretsManagerPorts,
  certificate: string,
  versionId: string,
  kind: TokenKind,
): Promise<StoredVersion | null> {
  const secret = certificateSecret(installation, certificate);
  const sealed = await client.read(secret, versionToken(certificate, versionId, kind));
  return sealed && openedMaterial(secret, sealed);
}

async function readBack(
  ports: SecretsManagerPorts,
  certificate: string,
  versionId: string,
  kind: TokenKind,
): Promise<StoredVersion> {
  const secret = certificateSecret(ports.installation, certificate);
  return untilVisible(ports.clock, `version ${versionId} of ${secret}`, () =>
    readAs(ports, certificate, versionId, kind),
  );
}

async function versions({ client, installation }: SecretsManagerPorts, certificate: string) {
  const described = await client.describe(certificateSecret(installation, certificate));
  return labelledVersions(described?.labels ?? {});
}

/** Reads the version by its id: where labels move late, a read by label returns the version before. */
async function current({ client, installation }: SecretsManagerPorts, certificate: string) {
  const secret = certificateSecret(installation, certificate);
  const labels = (await client.describe(secret))?.labels ?? {};
  const token = Object.keys(labels).find((id) => labels[id]?.includes(currentLabel));
  const sealed = token ? await client.read(secret, token) : null;
  return sealed && openedMaterial(secret, sealed);
}

async function makeRoom(
  { client, installation }: SecretsManagerPorts,
  certificate: string,
  keep: readonly string[],
): Promise<void> {
  const secret = certificateSecret(installation, certificate);
  const labels = (await client.describe(secret))?.labels ?? {};
  for (const { label, ...move } of movesToDrop(keep, labels)) {
    await client.moveLabel(secret, label, move);
  }
}

/** Reads the labels, moves those that are out of place and reads again, until all are right. */
async function promote(
  ports: SecretsManagerPorts,
  certificate: string,
  versionId: string,
  keep: readonly string[],
): Promise<void> {
  const secret = certificateSecret(ports.installation, certificate);
  await untilVisible(
    ports.clock,
    `version ${versionId} of ${secret} as the current one`,
    async () => {
      const described = await ports.client.describe(secret);
      const present = described?.replicas.map(({ region }) => region);
      if (present) await addReplicas(ports, secret, present);
      const labels = described?.labels ?? {};
      const moves = movesToPromote(certificate, versionId, keep, labels);
      for (const { label, ...move } of moves) await ports.client.moveLabel(secret, label, move);
      return moves.length === 0 ? true : null;
    },
  );
}

/** A secret may be older than a region that joins, and than the key there that its replica uses. */
async function replicate(
  ports: SecretsManagerPorts,
  certificate: string,
  accounts: readonly string[],
): Promise<void> {
  const { installation } = ports;
  const secrets = [
    certificateSecret(installation, certificate),
    ...accounts.map((account) => accountSecret(installation, account)),
  ];
  for (const secret of secrets) await replicateSecret(ports, secret);
}

async function replicateSecret(ports: SecretsManagerPorts, secret: string): Promise<void> {
  const described = await ports.client.describe(secret);
  const living = described?.replicas.filter(({ status }) => status !== failedStatus);
  if (!living) return;
  await addReplicas(
    ports,
    secret,
    living.map(({ region }) => region),
  );
}

async function addReplicas(
  { client, keyId, replicaRegions }: SecretsManagerPorts,
  secret: string,
  present: readonly string[],
): Promise<void> {
  const missing = replicaRegions.filter((region) => !present.includes(region));
  if (missing.length > 0) await client.replicate(secret, { keyId, regions: missing });
}

async function accountKey(
  ports: SecretsManagerPorts,
  { name, former }: { readonly name: string; readonly former: string | undefined },
  create: () => Secret,
): Promise<Secret> {
  const { client, installation } = ports;
  const secret = accountSecret(installation, name);
  const existing = await client.read(secret, null);
  if (existing) return existing;
  const kept = former && (await client.read(accountSecret(installation, former), null));
  const first = { token: versionToken(name, '', 'account'), value: kept || create() };
  await client.create(secret, first, sealingOf(ports));
  // The value is ours, or that of the winner of a race: CreateSecret makes no second secret of one name.
  return untilVisible(ports.clock, `secret ${secret}`, () => client.read(secret, null));
}

/** The key before it, by its thumbprint: a key has one successor. */
type Successor = { readonly name: string; readonly thumbprint: string };

/** Labelled, so that Secrets Manager cannot delete it before it is the current one. */
async function storeNextAccountKey(
  { client, clock, installation }: SecretsManagerPorts,
  { name, thumbprint }: Successor,
  create: () => Secret,
): Promise<Secret> {
  const secret = accountSecret(installation, name);
  const token = versionToken(name, thumbprint, 'account');
  const stored = await client.read(secret, token);
  if (stored) return stored;
  const outcome = await client.put(secret, { token, value: create() }, [pendingLabel]);
  if (outcome === 'no-secret') {
    throw new CertkeepError('KeyStoreUnreadable', `secret ${secret} does not exist`);
  }
  return untilVisible(clock, `the next key in ${secret}`, () => client.read(secret, token));
}

async function promoteAccountKey(
  { client, clock, installation }: SecretsManagerPorts,
  { name, thumbprint }: Successor,
): Promise<void> {
  const secret = accountSecret(installation, name);
  const token = versionToken(name, thumbprint, 'account');
  await untilVisible(clock, `the next key of ${secret} as the current one`, async () => {
    const labels = (await client.describe(secret))?.labels ?? {};
    const moves = movesToPromoteAccount(token, labels);
    for (const { label, ...move } of moves) await client.moveLabel(secret, label, move);
    return moves.length === 0 ? true : null;
  });
}

async function showThumbprint(
  { client, installation, showsThumbprints }: SecretsManagerPorts,
  name: string,
  thumbprint: string,
): Promise<void> {
  if (!showsThumbprints) return;
  const secret = accountSecret(installation, name);
  const described = await client.describe(secret);
  if (described?.tags[thumbprintTag] === thumbprint) return;
  await client.tag(secret, thumbprintTag, thumbprint);
}
