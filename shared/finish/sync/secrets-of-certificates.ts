import type { Config } from '#shared/config/config.ts';
import { accountsOf } from '#shared/issuers/account-name.ts';
import { inSyncNow, type KeyReplication, type SecretReplica } from '#shared/keystores/key-store.ts';
import type { LookPorts } from './look-at-replica.ts';

/**
 * Returns the state of the secrets that a certificate needs in a region: its own, then those of the accounts of its
 * issuers. Many certificates share an account, which is looked at once in a run.
 */
export function secretsOfCertificates(
  config: Pick<Config, 'certificates' | 'issuers'>,
  replication: KeyReplication,
): LookPorts['secretsIn'] {
  const known = new Map<string, Promise<SecretReplica>>();
  const accounts = new Map(config.certificates.map((each) => [each.id, accountsOf(each, config)]));

  function account(name: string, region: string): Promise<SecretReplica> {
    const key = `${region} ${name}`;
    const looked = known.get(key) ?? replication.ofAccount(name, region);
    known.set(key, looked);
    return looked;
  }

  return async (certificate, versionId, region) => {
    const own = await replication.ofVersion(certificate, versionId, region);
    if (!own.inSync) return own;
    const all = await Promise.all(
      (accounts.get(certificate) ?? []).map((name) => account(name, region)),
    );
    return all.find(({ inSync }) => !inSync) ?? inSyncNow;
  };
}
