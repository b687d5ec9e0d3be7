/**
 * What somebody outside expects after each complete check, and misses when it does not come: they notice what takes the whole
 * home away.
 */
export type Sign = {
  /** Names it for people: `heartbeat`, `metric in eu-west-1`. */
  readonly name: string;
  /** @throws any error, if nobody can know that it was received */
  give(): Promise<void>;
};
