import type { Config } from '#shared/config/config.ts';
import { looksPerSecond } from '#shared/deploy/drift/detect-drift.ts';
import { targetsIn } from '#shared/deploy/drift/listeners.ts';
import { isRoundDue, type Rounds } from '#shared/deploy/drift/rounds.ts';
import { networksOfAll } from '#shared/targets/identities.ts';
import type { Piece } from './piece.ts';

/** Its run ends after a minute and continues by a message, which leaves room for others in between. */
const longestSeconds = 60;

/** Returns the places whose listeners are to be looked at now, as work for verify. Pure. */
export function roundPieces(
  config: Pick<Config, 'certificates' | 'home'>,
  rounds: Rounds,
  now: Date,
): readonly Piece[] {
  const due = networksOfAll(config).filter((place) => isRoundDue(rounds[place], now));
  return due.map((place): Piece => {
    const listeners = new Set(targetsIn(config, place).map(({ listener }) => listener));
    const seconds = listeners.size / looksPerSecond;
    const seenAt = rounds[place]?.seenAt;
    return {
      work: { kind: 'look', place },
      why: 'listeners',
      urgency: 'routine',
      seconds: Math.min(seconds, longestSeconds),
      endsAt: null,
      isHeld: false,
      lookedAt: seenAt === undefined ? null : new Date(seenAt),
      handedOverAt: null,
    };
  });
}
