import { certificateSecret } from '#shared/installation.ts';
import type { KeyWatch } from '../key-store.ts';
import { currentLabel } from './labels.ts';
import { versionToken } from './material.ts';
import type { SecretsClient } from './secrets-client.ts';

/** Looks at secrets by DescribeSecret alone: it has no right to read a key. */
export function secretsManagerWatch(ports: {
  /** Prefixes the names of the secrets. */
  readonly installation: string;
  readonly home: Pick<SecretsClient, 'describe'>;
}): KeyWatch {
  return {
    async stateOf(certificate, versionId) {
      const described = await ports.home.describe(
        certificateSecret(ports.installation, certificate),
      );
      if (!described) return 'missing';
      if (described.isDeleted) return 'marked-for-deletion';
      const stages = described.labels[versionToken(certificate, versionId, 'full')] ?? [];
      return stages.includes(currentLabel) ? 'there' : 'another-version';
    },
  };
}
