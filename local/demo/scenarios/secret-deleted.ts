import {
  DeleteSecretCommand,
  RemoveRegionsFromReplicationCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { namesOf } from '#shared/installation.ts';
import { forget, noted } from './forget.ts';
import type { Scenario } from './scenario.ts';

export const secretDeleted: Scenario = {
  breaks:
    'somebody deletes the secret with the key of api, and its copies; AWS keeps it for 30 days more',
  hurried:
    'certkeep looks at every secret once a day, and at a bad one every hour; here it does at once',
  reason: 'SecretMarkedForDeletion',
  certificates: () => ['api'],
  async breakIt({ cloud, config }) {
    const secrets = new SecretsManagerClient(operatorClient(cloud, config.home.region));
    const SecretId = namesOf(config).certificateSecret('api');
    // AWS refuses to delete a secret that has copies.
    const RemoveReplicaRegions = [...config.replicas];
    await secrets.send(new RemoveRegionsFromReplicationCommand({ SecretId, RemoveReplicaRegions }));
    await secrets.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 30 }));
  },
  hurry: (setting) => forget(setting, noted.byCheck),
};
