import type { KeyReplication } from '#shared/keystores/key-store.ts';
import { currentLabel } from './labels.ts';
import { certificateSecret, versionToken } from './material.ts';
import type { SecretsClient } from './secrets-client.ts';

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
      const status = await statusAtHome(ports.home, secret, region);
      if (status !== null) return { inSync: false, detail: status };
      const replica = await ports.replicaIn(region).describe(secret);
      const stages = replica?.labels[versionToken(certificate, versionId, 'full')] ?? [];
      if (stages.includes(currentLabel)) {
        return { inSync: true, detail: `${region} has version ${versionId} as ${currentLabel}` };
      }
      const found = replica ? `another version as ${currentLabel}` : 'no secret';
      return { inSync: false, detail: `${region} has ${found}` };
    },
  };
}

/** What keeps the replica from being in sync, as the home region knows it; null for nothing. */
async function statusAtHome(home: Labels, secret: string, region: string): Promise<string | null> {
  const replica = (await home.describe(secret))?.replicas.find((one) => one.region === region);
  if (!replica) return `${secret} has no replica in ${region}`;
  if (replica.status === 'InSync') return null;
  const message = replica.message ? `: ${replica.message}` : '';
  return `the replica in ${region} is ${replica.status}${message}`;
}
