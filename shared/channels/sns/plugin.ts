import type { ChannelPlugin, ChannelPorts } from '../channel.ts';
import { awsSnsClient } from './client.ts';
import { snsChannel } from './sns.ts';

export const plugin = {
  create: ({ options, ...publisher }: ChannelPorts) => snsChannel(awsSnsClient(options, publisher)),
} satisfies ChannelPlugin;
