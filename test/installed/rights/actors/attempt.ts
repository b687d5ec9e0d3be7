import type { World } from '#test/support/world.ts';
import type { Hands } from './hands.ts';

export type Attempt = {
  readonly id: string;
  /** The aim of the attempt, for the page. */
  readonly what: string;
  readonly severity: 'critical' | 'high' | 'medium';
  /** @throws AWS's error where it refuses */
  act(hands: Hands): Promise<void>;
  /** Says whether the aim was reached; asked again and again while the installation goes on. */
  through(world: World): Promise<boolean>;
};
