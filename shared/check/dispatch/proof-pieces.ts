import type { Config } from '#shared/config/config.ts';
import { proofsDue } from '#shared/deploy/rights-proof/decide-proof.ts';
import type { Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import type { Piece } from './piece.ts';

/** Three calls of ACM, at the pace of its imports. */
const secondsOfProof = 10;

/** Returns the places whose rights are to be proven now, as work for deploy. Pure. */
export function proofPieces(
  config: Pick<Config, 'certificates' | 'home'>,
  proofs: Proofs,
  now: Date,
): readonly Piece[] {
  return proofsDue(config, proofs, now).map((place): Piece => {
    const proof = proofs[place];
    const lookedAt = proof?.failure?.lastAt ?? proof?.provenAt ?? null;
    return {
      work: { kind: 'prove', place },
      why: 'rights',
      urgency: 'wanted',
      seconds: secondsOfProof,
      endsAt: null,
      isHeld: false,
      lookedAt: lookedAt === null ? null : new Date(lookedAt),
      handedOverAt: null,
    };
  });
}
