import type { KeyReplication, ReplicaSeen } from '#shared/keystores/key-store.ts';
import { currentLabel } from './labels.ts';
import { certificateSecret, versionToken } from './material.ts';
import { failedStatus, type SecretsClient } from './secrets-client.ts';

type Labels = Pick<SecretsClient, 'describe'>;

/** Told from DescribeSecret alone, here and in the replica's region: sync has no right to read a key. */
export function secretsManagerReplication(ports: {
  /** Its name begins those of the secrets. */
  readonly installation: string;
  readonly home: Labels;
  readonly replicaIn: (region: string) => Labels;
}): KeyReplication {
  return {
    async isInSync(certificate, versionId, region) {
      const secret = certificateSecret(ports.installation, certificate);
      const missing = await missingAtHome(ports.home, secret, region);
      if (missing) return missing;
      const replica = await ports.replicaIn(region).describe(secret);
      const stages = replica?.labels[versionToken(certificate, versionId, 'full')] ?? [];
      if (stages.includes(currentLabel)) {
        return {
          inSync: true,
          isLost: false,
          detail: `${region} has version ${versionId} as ${currentLabel}`,
        };
      }
      const found = replica ? `another version as ${currentLabel}` : 'no secret';
      return { inSync: false, isLost: false, detail: `${region} has ${found}` };
    },
  };
}

/** What keeps the replica from being in sync, as the home region knows it; null for nothing. */
async function missingAtHome(
  home: Labels,
  secret: string,
  region: string,
): Promise<ReplicaSeen | null> {
  const replica = (await home.describe(secret))?.replicas.find((one) => one.region === region);
  if (!replica) {
    return { inSync: false, isLost: true, detail: `${secret} has no replica in ${region}` };
  }
  if (replica.status === 'InSync') return null;
  const message = replica.message ? `: ${replica.message}` : '';
  const detail = `the replica in ${region} is ${replica.status}${message}`;
  return { inSync: false, isLost: replica.status === failedStatus, detail };
}
