import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import type { Channel, ChannelPlugin, ChannelPorts } from './channel.ts';
import type { channelSpecs } from './specs.ts';

type ChannelType = keyof typeof channelSpecs;

/** One line per kind: the module that alert loads, with its SDK. */
const plugins: PluginLoaders<ChannelType, ChannelPlugin> = {
  sns: () => import('./sns/plugin.ts'),
};

/** Alert sends every message through all of these channels. */
export async function loadChannels(ports: ChannelPorts): Promise<readonly Channel[]> {
  const loaded = await loadPlugins(plugins, Object.keys(plugins) as ChannelType[]);
  return [...loaded.values()].flatMap((plugin) => plugin.create(ports));
}
