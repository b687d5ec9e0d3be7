import { generateKeyPairSync } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  type SecretsManager,
  secretsManager,
  secretsManagerService,
} from 'local-cloud/services/secrets-manager/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { awsSecretsClient } from '#shared/keystores/secrets-manager/client.ts';
import { secretsManagerKeyStore } from '#shared/keystores/secrets-manager/secrets-manager.ts';
import { Secret } from '#shared/secret.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

export type SecretsLab = {
  readonly front: LocalFront;
  readonly service: SecretsManager;
  readonly clock: VirtualClock;
  readonly keyStore: KeyStore;
  readonly sdk: SecretsManagerClient;
  sdkIn(region: string): SecretsManagerClient;
  /** A further process on the same secrets, or of another installation. */
  anotherKeyStore(options?: {
    readonly installation?: string;
    readonly replicaRegions?: readonly string[];
    readonly showsThumbprints?: boolean;
  }): KeyStore;
  /** The labels of each version, by what the version holds: `v1 full`, `v1 key` or `placeholder`. */
  labels(certificate: string): Promise<Record<string, readonly string[]>>;
  calls(operation: string): number;
  close(): Promise<void>;
};

/** The key store on the local Secrets Manager, through the SDK, with a replica in eu-west-1. */
export async function secretsLab(): Promise<SecretsLab> {
  const clock = virtualClock();
  const service = secretsManager({ clock });
  const front = await localFront([secretsManagerService(service)]);
  const clients: SecretsManagerClient[] = [];
  const sdkIn = (region: string) => {
    const sdk = new SecretsManagerClient(localClientOptions(front, { region }));
    clients.push(sdk);
    return sdk;
  };
  const anotherKeyStore: SecretsLab['anotherKeyStore'] = (options = {}) =>
    secretsManagerKeyStore({
      client: awsSecretsClient(sdkIn('us-east-1')),
      clock,
      installation: 'certkeep',
      keyId: 'alias/certkeep',
      replicaRegions: ['eu-west-1'],
      showsThumbprints: true,
      ...options,
    });
  const sdk = sdkIn('us-east-1');
  return {
    front,
    service,
    clock,
    sdk,
    sdkIn,
    anotherKeyStore,
    keyStore: anotherKeyStore(),
    labels: (certificate) => labels(sdk, `certkeep/${certificate}`),
    calls: (operation) => front.faults.calls.filter((call) => call.operation === operation).length,
    async close() {
      for (const client of clients) client.destroy();
      await front.close();
    },
  };
}

async function labels(sdk: SecretsManagerClient, SecretId: string) {
  const { VersionIdsToStages = {} } = await sdk.send(new DescribeSecretCommand({ SecretId }));
  const named: Record<string, readonly string[]> = {};
  for (const [VersionId, stages] of Object.entries(VersionIdsToStages)) {
    const value = await sdk.send(new GetSecretValueCommand({ SecretId, VersionId }));
    const { version, certificate } = JSON.parse(value.SecretString ?? '');
    const name = version ? `${version} ${certificate ? 'full' : 'key'}` : 'placeholder';
    named[name] = [...stages].sort();
  }
  return named;
}

export function newKey(): Secret {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

export function material(keyPem: Secret, certificatePem = 'leaf', chainPem = 'chain') {
  return { keyPem, certificatePem, chainPem };
}
