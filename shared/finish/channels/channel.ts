/** What a person receives. `attributes` let subscribers filter. */
export type Message = {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<'severity' | 'certificate' | 'type', string>>;
};

export type Channel = {
  /** @throws CertkeepError AlertNotSent */
  send(message: Message): Promise<void>;
};
