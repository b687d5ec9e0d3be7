/** Where an installation is, as far as somebody has said so. */
export type ReachOptions = {
  readonly installation?: string;
  readonly region?: string;
  readonly account?: string;
  readonly config?: string;
  readonly local?: true;
};
