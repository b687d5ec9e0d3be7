import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import {
  type CloudUnderTest,
  homeRegion,
  otherRegion,
  uniqueName,
} from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A secret with a replica, and clients of both regions. */
async function replicated(cloud: CloudUnderTest) {
  const { secrets } = clientsOf(cloud);
  const { secrets: elsewhere } = clientsOf(cloud, otherRegion);
  const SecretId = `certkeep/${uniqueName('secret')}`;
  const { ReplicationStatus } = await secrets.createSecret({
    Name: SecretId,
    ClientRequestToken: randomUUID(),
    SecretString: 'placeholder',
    AddReplicaRegions: [{ Region: otherRegion }],
  });
  const ClientRequestToken = randomUUID();
  const promote = () =>
    secrets.putSecretValue({ SecretId, ClientRequestToken, SecretString: 'key' });
  return { secrets, elsewhere, SecretId, ReplicationStatus, promote, token: ClientRequestToken };
}

export const secretsReplicas: ScenarioGroup = {
  title: 'Secrets Manager, replicas',
  scenarios: {
    'a new secret with a replica tells how its replication stands': async (cloud) => {
      const { ReplicationStatus } = await replicated(cloud);
      expect(ReplicationStatus).toMatchObject([{ Region: otherRegion }]);
    },
    'the replica is in sync after a while, and the home region knows': async (cloud) => {
      const { secrets, SecretId } = await replicated(cloud);
      await cloud.waits.untilConsistent();
      const { ReplicationStatus } = await secrets.describeSecret({ SecretId });
      expect(ReplicationStatus).toMatchObject([{ Region: otherRegion, Status: 'InSync' }]);
    },
    'the replica has the name, and the primary region is known there': async (cloud) => {
      const { elsewhere, SecretId } = await replicated(cloud);
      await cloud.waits.untilConsistent();
      const described = await elsewhere.describeSecret({ SecretId });
      expect(described).toMatchObject({ Name: SecretId, PrimaryRegion: homeRegion });
    },
    'a new version arrives with its labels': async (cloud) => {
      const { elsewhere, SecretId, promote, token } = await replicated(cloud);
      await promote();
      await cloud.waits.untilConsistent();
      const { VersionIdsToStages } = await elsewhere.describeSecret({ SecretId });
      expect(VersionIdsToStages?.[token]).toEqual(['AWSCURRENT']);
    },
    'a new version can be read there': async (cloud) => {
      const { elsewhere, SecretId, promote } = await replicated(cloud);
      await promote();
      await cloud.waits.untilConsistent();
      const { SecretString } = await elsewhere.getSecretValue({ SecretId });
      expect(SecretString).toBe('key');
    },
    'a replica cannot be written to': async (cloud) => {
      const { elsewhere, SecretId } = await replicated(cloud);
      await cloud.waits.untilConsistent();
      const answer = elsewhere.putSecretValue({
        SecretId,
        ClientRequestToken: randomUUID(),
        SecretString: 'mine',
      });
      await refused(answer, null);
    },
    'a secret with replicas cannot be deleted': async (cloud) => {
      const { secrets, SecretId } = await replicated(cloud);
      await refused(secrets.deleteSecret({ SecretId }), null);
    },
    'a replica goes when its region is removed': async (cloud) => {
      const { secrets, elsewhere, SecretId } = await replicated(cloud);
      await cloud.waits.untilConsistent();
      const RemoveReplicaRegions = [otherRegion];
      await secrets.removeRegionsFromReplication({ SecretId, RemoveReplicaRegions });
      await refused(elsewhere.describeSecret({ SecretId }), 'ResourceNotFoundException');
      await secrets.deleteSecret({ SecretId });
    },
    'a replica in the region of the secret is refused': async (cloud) => {
      const { secrets, SecretId } = await replicated(cloud);
      const AddReplicaRegions = [{ Region: homeRegion }];
      const answer = secrets.replicateSecretToRegions({ SecretId, AddReplicaRegions });
      await refused(answer, 'InvalidParameterException');
    },
  },
};
