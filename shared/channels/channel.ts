import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Message } from './message.ts';

export type Channel = {
  /** @throws CertkeepError AlertNotSent */
  send(message: Message): Promise<void>;
  /**
   * Shows that it could send, without sending anything; absent where only a message can show that.
   * @throws CertkeepError AlertNotSent where it could not; any other error where nobody knows
   */
  prove?(): Promise<void>;
};

export type ChannelPorts = {
  readonly options: ClientOptions;
  /** The topic of the installation. */
  readonly topicArn: string;
  /** The key that encrypts the topic. */
  readonly keyArn: string;
  /** The role that alert runs with. */
  readonly roleArn: string;
};

/** A kind of channel, as alert loads it from `plugin.ts` of its folder. */
export type ChannelPlugin = { create(ports: ChannelPorts): Channel };
