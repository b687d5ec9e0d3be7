import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import type { KeyStorePlugin } from './key-store-plugin.ts';
import type { keyStoreSpecs } from './specs.ts';

type KeyStoreType = keyof typeof keyStoreSpecs;

/** One line per kind: the module that the function loads, with its SDK. */
const plugins: PluginLoaders<KeyStoreType, KeyStorePlugin> = {
  'secrets-manager': () => import('./secrets-manager/plugin.ts'),
};

export async function loadKeyStore(type: KeyStoreType): Promise<KeyStorePlugin> {
  const plugin = (await loadPlugins(plugins, [type])).get(type);
  if (!plugin) throw new Error(`the key store ${type} is not loaded`);
  return plugin;
}
