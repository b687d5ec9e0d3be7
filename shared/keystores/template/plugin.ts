import { inSyncNow } from '../key-store.ts';
import type { KeyStorePlugin } from '../key-store-plugin.ts';
import { httpDocumentClient } from './client.ts';
import { templateKeyStore, templateWatch } from './template.ts';

/** The registry loads this. */
export const plugin = {
  keyStore: ({ installation }) =>
    templateKeyStore(httpDocumentClient(`https://keys.example/${installation}`)),
  // This store has no replicas: every region reads the same documents.
  replication: () => ({ ofVersion: async () => inSyncNow, ofAccount: async () => inSyncNow }),
  watch: ({ installation }) =>
    templateWatch(httpDocumentClient(`https://keys.example/${installation}`)),
} satisfies KeyStorePlugin;
