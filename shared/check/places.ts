import type { Config } from '#shared/config/config.ts';
import type { Rounds } from '#shared/deploy/drift/rounds.ts';
import type { Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Piece } from './dispatch/piece.ts';
import { proofPieces } from './dispatch/proof-pieces.ts';
import { roundPieces } from './dispatch/round-pieces.ts';

export type PlacePorts = {
  readonly config: Config;
  readonly proofs: Pick<SharedObject<Proofs>, 'read'>;
  readonly rounds: Pick<SharedObject<Rounds>, 'read'>;
  readonly clock: Clock;
};

/** The proofs of deploy and the rounds of verify in all places; null where they could not be read. */
export type Places = { readonly proofs: Proofs | null; readonly rounds: Rounds | null };

export const noPlaces: Places = { proofs: null, rounds: null };

/** Each is read by itself: what cannot be read is added to the failures. */
export async function lookAtPlaces(
  { proofs, rounds }: PlacePorts,
  failures: unknown[],
): Promise<Places> {
  const unreadable = (error: unknown) => {
    failures.push(error);
    return null;
  };
  const [seenProofs, seenRounds] = await Promise.all([
    proofs.read().catch(unreadable),
    rounds.read().catch(unreadable),
  ]);
  return { proofs: seenProofs, rounds: seenRounds };
}

export function piecesOfPlaces(
  { clock, config }: PlacePorts,
  { proofs, rounds }: Places,
): readonly Piece[] {
  const now = clock.now();
  return [
    ...(proofs ? proofPieces(config, proofs, now) : []),
    ...(rounds ? roundPieces(config, rounds, now) : []),
  ];
}
