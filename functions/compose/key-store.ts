import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { KeyReplication, KeyStore } from '#shared/keystores/key-store.ts';
import { awsSecretsClient } from '#shared/keystores/secrets-manager/client.ts';
import { secretsManagerReplication } from '#shared/keystores/secrets-manager/replication.ts';
import { secretsManagerKeyStore } from '#shared/keystores/secrets-manager/secrets-manager.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { Foundation } from '../foundation.ts';

export function composeKeyStore({ clients, clock, config, environment }: Foundation): KeyStore {
  return secretsManagerKeyStore({
    client: awsSecretsClient(new SecretsManagerClient(clients())),
    clock,
    installation: environment.CERTKEEP_INSTALLATION,
    keyId: environment.CERTKEEP_KEY_ID,
    replicaRegions: config.replicas,
    showsThumbprints: config.solvers.some(answersPermanently),
  });
}

function answersPermanently(solver: SolverConfig): boolean {
  return solver.type === 'alb-http01' && solver.rule === 'permanent';
}

export function composeKeyReplication({ clients, environment }: Foundation): KeyReplication {
  const installation = environment.CERTKEEP_INSTALLATION;
  const secretsIn = (region?: string) =>
    awsSecretsClient(new SecretsManagerClient(clients(region)));
  return secretsManagerReplication({ installation, home: secretsIn(), replicaIn: secretsIn });
}
