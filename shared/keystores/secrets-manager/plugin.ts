import type { KeyStorePlugin, KeyStorePorts } from '../key-store-plugin.ts';
import { secretsClientWith } from './client.ts';
import { secretsManagerReplication } from './replication.ts';
import { secretsManagerKeyStore } from './secrets-manager.ts';

export const plugin = {
  keyStore: ({ clients, ...ports }: KeyStorePorts) =>
    secretsManagerKeyStore({ ...ports, client: secretsClientWith(clients()) }),
  replication({ clients, installation }: Pick<KeyStorePorts, 'clients' | 'installation'>) {
    const secretsIn = (region?: string) => secretsClientWith(clients(region));
    return secretsManagerReplication({ installation, home: secretsIn(), replicaIn: secretsIn });
  },
} satisfies KeyStorePlugin;
