import { inSyncNow } from '../key-store.ts';
import type { KeyStorePlugin } from '../key-store-plugin.ts';
import { httpDocumentClient } from './client.ts';
import { templateKeyStore } from './template.ts';

/** What the registry loads. */
export const plugin = {
  keyStore: ({ installation }) =>
    templateKeyStore(httpDocumentClient(`https://keys.example/${installation}`)),
  // Its documents are everywhere at once.
  replication: () => ({ ofVersion: async () => inSyncNow, ofAccount: async () => inSyncNow }),
} satisfies KeyStorePlugin;
