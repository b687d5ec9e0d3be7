import type { ClientOptions } from '#shared/aws/clients.ts';

/** A message to people. Subscribers can filter by `attributes`; `certificate` is absent where the message concerns none. */
export type Message = {
  readonly id: string;
  /** One line of at most 99 letters. */
  readonly subject: string;
  /** At most 140 letters, for an SMS. */
  readonly short: string;
  readonly text: string;
  readonly attributes: Readonly<
    Record<'severity' | 'type', string> & { readonly certificate?: string }
  >;
};

export type Channel = {
  /** @throws CertkeepError AlertNotSent */
  send(message: Message): Promise<void>;
};

export type ChannelPorts = {
  readonly options: ClientOptions;
  /** The topic of the installation. */
  readonly topicArn: string;
};

/** A kind of channel, as alert loads it from `plugin.ts` of its folder. */
export type ChannelPlugin = { create(ports: ChannelPorts): Channel };
