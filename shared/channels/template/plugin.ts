import type { ChannelPlugin, ChannelPorts } from '../channel.ts';
import { httpWebhookClient } from './client.ts';
import { templateChannel } from './template.ts';

/** What the registry loads. A kind that needs more than all channels have gets it into `ChannelPorts`. */
export const plugin = {
  create: ({ topicArn }: ChannelPorts) => templateChannel(httpWebhookClient(topicArn)),
} satisfies ChannelPlugin;
