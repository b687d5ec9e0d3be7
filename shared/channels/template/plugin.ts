import type { ChannelPlugin, ChannelPorts } from '../channel.ts';
import { httpWebhookClient } from './client.ts';
import { templateChannel } from './template.ts';

/** The registry loads this. If a kind needs more than all channels have, add it to `ChannelPorts`. */
export const plugin = {
  create: ({ topicArn }: ChannelPorts) => [templateChannel(httpWebhookClient(topicArn))],
} satisfies ChannelPlugin;
