/** What a person receives. `attributes` let subscribers filter; `certificate` is left out where it is about none. */
export type Message = {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<
    Record<'severity' | 'type', string> & { readonly certificate?: string }
  >;
};

export type Channel = {
  /** @throws CertkeepError AlertNotSent */
  send(message: Message): Promise<void>;
};
