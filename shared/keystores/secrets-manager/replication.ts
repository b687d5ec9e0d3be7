import { accountSecret, certificateSecret } from '#shared/installation.ts';
import { inSyncNow, type KeyReplication, type SecretReplica } from '../key-store.ts';
import { currentLabel } from './labels.ts';
import { versionToken } from './material.ts';
import { failedStatus, type SecretLabels, type SecretsClient } from './secrets-client.ts';

type Labels = Pick<SecretsClient, 'describe'>;

/** Compares secrets by DescribeSecret alone, at home and in the replica's region: sync has no right to read a key. */
export function secretsManagerReplication(ports: {
  /** Prefixes the names of the secrets. */
  readonly installation: string;
  readonly home: Labels;
  readonly replicaIn: (region: string) => Labels;
}): KeyReplication {
  return {
    async ofVersion(certificate, versionId, region) {
      const secret = certificateSecret(ports.installation, certificate);
      const missing = missingAtHome(await ports.home.describe(secret), region, 'the secret');
      if (missing) return missing;
      const replica = await ports.replicaIn(region).describe(secret);
      const stages = replica?.labels[versionToken(certificate, versionId, 'full')] ?? [];
      if (stages.includes(currentLabel)) return inSyncNow;
      const found = replica ? `another version is ${currentLabel}` : 'there is no secret';
      return { inSync: false, isLost: false, reason: `${found} there` };
    },
    async ofAccount(account, region) {
      const described = await ports.home.describe(accountSecret(ports.installation, account));
      // The account does not exist yet; its secret will be created together with its replicas.
      if (!described) return inSyncNow;
      const what = `the secret of the account ${account}`;
      return missingAtHome(described, region, what) ?? inSyncNow;
    },
  };
}

/** Says why the replica is not in sync, as the home region knows it; null where it is. */
function missingAtHome(
  described: SecretLabels | null,
  region: string,
  what: string,
): SecretReplica | null {
  const replica = described?.replicas.find((one) => one.region === region);
  if (!replica) return { inSync: false, isLost: true, reason: `${what} has no replica there` };
  if (replica.status === 'InSync') return null;
  const message = replica.message ? `: ${replica.message}` : '';
  const reason = `the replica of ${what} is ${replica.status}${message}`;
  return { inSync: false, isLost: replica.status === failedStatus, reason };
}
