import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Message } from './message.ts';

export type Channel = {
  /**
   * Names a channel of the user's own beside that of the installation. Nothing is sent twice because it refuses a message:
   * people hear of that over the others. Absent where a message counts as told only if this channel has it.
   */
  readonly beside?: string;
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
  /** The topic of the installation, with its key. */
  readonly topicArn: string;
  readonly keyArn: string;
  /** A topic of the user that gets every message too; null where there is none. */
  readonly ownTopic: {
    readonly options: ClientOptions;
    readonly topicArn: string;
    /** Null where it has no key of the user. */
    readonly keyArn: string | null;
  } | null;
  /** The role that alert runs with. */
  readonly roleArn: string;
};

/** A kind of channel, as alert loads it from `plugin.ts` of its folder. */
export type ChannelPlugin = { create(ports: ChannelPorts): readonly Channel[] };
