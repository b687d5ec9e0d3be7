import type { World } from '#test/support/world.ts';
import type { Hands } from './hands.ts';

export type Attempt = {
  readonly id: string;
  /** What somebody wants, for the page. */
  readonly what: string;
  readonly severity: 'critical' | 'high' | 'medium';
  /** @throws what AWS says where it refuses. */
  act(hands: Hands): Promise<void>;
  /** Whether it has come to what was wanted; asked again and again while the installation goes on. */
  through(world: World): Promise<boolean>;
};
