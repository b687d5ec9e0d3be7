import type { KeyStorePlugin, KeyStorePorts } from '../key-store-plugin.ts';
import { secretsClientWith } from './client.ts';
import { secretsManagerReplication } from './replication.ts';
import { secretsManagerKeyStore } from './secrets-manager.ts';
import { secretsManagerWatch } from './watch.ts';

export const plugin = {
  keyStore: ({ clients, ...ports }: KeyStorePorts) =>
    secretsManagerKeyStore({ ...ports, client: secretsClientWith(clients()) }),
  replication({ clients, installation }: Pick<KeyStorePorts, 'clients' | 'installation'>) {
    const secretsIn = (region?: string) => secretsClientWith(clients(region));
    return secretsManagerReplication({ installation, home: secretsIn(), replicaIn: secretsIn });
  },
  watch: ({ clients, installation }: Pick<KeyStorePorts, 'clients' | 'installation'>) =>
    secretsManagerWatch({ installation, home: secretsClientWith(clients()) }),
} satisfies KeyStorePlugin;
