/** 0 to 1, the same for the same seed. */
export type Random = () => number;

/** What something from outside is done to certkeep, again and again, each time with other input. */
export type Fuzz = {
  readonly name: string;
  /** How many inputs `npm run fuzz` plays unless it is told, and how many each test run. */
  readonly usual: number;
  readonly fixed: number;
  /** Whether what one input takes shows only in a process of its own. */
  readonly isLarge?: true;
  /** What is asked over the wire, in a process that is not measured. */
  readonly serve?: (seed: number) => Promise<Peer>;
  /** Makes ready, and gives what plays one input. `address` is that of the peer. */
  readonly start: (address: string) => Promise<Play>;
};

export type Peer = { readonly address: string; close(): Promise<void> };

/**
 * Plays one input and says in a few words what came of it: what was read, or the name of the error. Whatever it throws has no
 * name, and is a finding.
 */
type Play = (random: Random, nth: number) => Promise<string> | string;
