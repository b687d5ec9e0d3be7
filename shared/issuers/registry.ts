import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import type { Issuer } from './issuer.ts';
import type { IssuerDeps, IssuerPlugin } from './issuer-plugin.ts';
import type { IssuerConfig } from './specs.ts';

type IssuerType = IssuerConfig['type'];

/** One line per kind: the module that the function loads, with its client. */
const plugins: PluginLoaders<IssuerType, IssuerPlugin> = {
  acme: () => import('./acme/plugin.ts'),
};

type LoadedIssuers = ReadonlyMap<IssuerType, IssuerPlugin>;

export function loadIssuers(types: readonly IssuerType[]): Promise<LoadedIssuers> {
  return loadPlugins(plugins, types);
}

export function createIssuer(
  loaded: LoadedIssuers,
  config: IssuerConfig,
  deps: IssuerDeps,
): Issuer {
  const plugin = loaded.get(config.type);
  if (!plugin) throw new Error(`issuers of type ${config.type} are not loaded`);
  return plugin.create(config, deps);
}
