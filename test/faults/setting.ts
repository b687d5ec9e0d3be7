import type { Past } from '#local/fleet.ts';
import type { World } from '#test/support/world.ts';

export type ForeignTxt = { readonly name: string; readonly value: string };

/** What there is of a world before any function has run in it. */
export type Beginning = Pick<World, 'cloud' | 'clock' | 'landscape' | 'names'>;

/** An installation in a situation, which is played again for every fault. */
export type Setting = {
  readonly name: string;
  /** For the page: its certificates, and what is about them. */
  readonly summary: string;
  readonly configText: string;
  readonly past: readonly Past[];
  /** The ids of the certificates that are issued anew; the others are healthy. */
  readonly renewed: readonly string[];
  /** Every name at which a challenge value of ours may stand. */
  readonly challengeNames: readonly string[];
  /** Values of somebody else at names where certkeep publishes. */
  readonly foreignTxt: readonly ForeignTxt[];
  /** The types of events that tell its story; whatever else people hear of is a failure. */
  readonly usualEvents: readonly string[];
  /** What has happened besides the past. */
  readonly prepare?: (beginning: Beginning) => Promise<void>;
  /** What people do, looked at whenever all is quiet. */
  readonly meanwhile?: (world: World) => void;
};
