/** Somebody outside expects it after each complete check, and so notices when the whole home is away. */
export type Sign = {
  /** Names it for people: `heartbeat`, `metric in eu-west-1`. */
  readonly name: string;
  /** @throws any error, if nobody can know that it was received */
  give(): Promise<void>;
};
