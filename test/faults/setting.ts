import type { Past } from '#local/demo/fleet.ts';
import type { World } from '#test/support/world.ts';

export type ForeignTxt = { readonly name: string; readonly value: string };

/** The parts of a world before any function has run in it. */
export type Beginning = Pick<World, 'cloud' | 'clock' | 'landscape' | 'names'>;

/** An installation in a situation, which is played again for every fault. */
export type Setting = {
  readonly name: string;
  /** The text for the page: its certificates, and their situation. */
  readonly summary: string;
  readonly configText: string;
  readonly past: readonly Past[];
  /** The ids of the certificates that are renewed; the others are healthy. */
  readonly renewed: readonly string[];
  /** Every name that may have a challenge value of ours. */
  readonly challengeNames: readonly string[];
  /** Values of somebody else at names where certkeep publishes. */
  readonly foreignTxt: readonly ForeignTxt[];
  /** The types of events that belong to its story; any other event is a failure. */
  readonly usualEvents: readonly string[];
  /** What people hear of that needs them, by its reason: the trouble at the beginning. */
  readonly usualTroubles: readonly string[];
  /** Sets up what has happened besides the past. */
  readonly prepare?: (beginning: Beginning) => Promise<void>;
  /** Plays what people do; called whenever all is quiet. */
  readonly meanwhile?: (world: World) => void;
};
