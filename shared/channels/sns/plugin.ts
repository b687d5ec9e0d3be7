import type { ChannelPlugin, ChannelPorts } from '../channel.ts';
import { awsSnsClient } from './client.ts';
import { snsChannel } from './sns.ts';

export const plugin = {
  create: ({ keyArn, options, ownTopic, roleArn, topicArn }: ChannelPorts) => [
    snsChannel(awsSnsClient(options, { roleArn, topicArn, keyArn })),
    ...(ownTopic
      ? [
          {
            ...snsChannel(awsSnsClient(ownTopic.options, { roleArn, ...ownTopic })),
            beside: ownTopic.topicArn,
          },
        ]
      : []),
  ],
} satisfies ChannelPlugin;
