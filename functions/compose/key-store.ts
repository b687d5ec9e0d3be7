import type { KeyReplication, KeyStore, KeyWatch } from '#shared/keystores/key-store.ts';
import { loadKeyStore } from '#shared/keystores/registry.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { Foundation } from '../foundation.ts';

/** It is the only type so far, so no configuration names it. */
const type = 'secrets-manager';

export async function composeKeyStore({
  clients,
  clock,
  config,
  environment,
}: Foundation): Promise<KeyStore> {
  const plugin = await loadKeyStore(type);
  return plugin.keyStore({
    clients,
    clock,
    installation: environment.CERTKEEP_INSTALLATION,
    keyId: config.keyStore?.kmsKey ?? environment.CERTKEEP_KEY_ID,
    replicaRegions: config.replicas,
    showsThumbprints: config.solvers.some(answersPermanently),
  });
}

function answersPermanently(solver: SolverConfig): boolean {
  return solver.type === 'alb-http01' && solver.rule === 'permanent';
}

export async function composeKeyReplication({
  clients,
  environment,
}: Foundation): Promise<KeyReplication> {
  const plugin = await loadKeyStore(type);
  return plugin.replication({ clients, installation: environment.CERTKEEP_INSTALLATION });
}

export async function composeKeyWatch({ clients, environment }: Foundation): Promise<KeyWatch> {
  const plugin = await loadKeyStore(type);
  return plugin.watch({ clients, installation: environment.CERTKEEP_INSTALLATION });
}
