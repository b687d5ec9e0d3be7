import type { Config } from '#shared/config/config.ts';
import { failureTimes } from '#shared/ledger/record/believable.ts';
import { cutTimes } from '#shared/ledger/record/times.ts';
import { acmPlacesOfAll } from '#shared/targets/identities.ts';
import { longestRunMs } from '#shared/time/invocation.ts';
import { noProof, type Proof, type Proofs } from './proofs.ts';
import { rightsDigest } from './rights-digest.ts';

export type ProofDecision =
  | { readonly outcome: 'due'; readonly reason: string }
  | { readonly outcome: 'proven'; readonly at: string }
  | { readonly outcome: 'busy'; readonly until: Date }
  | { readonly outcome: 'waiting'; readonly until: Date; readonly failure: Proof['failure'] };

const times = { failure: failureTimes, run: { until: longestRunMs } } as const;

/**
 * Decides whether to prove the rights in a place now. check asks it, and deploy again. `again` proves them whatever is
 * known.
 */
export function decideProof(
  proof: Proof = noProof,
  now: Date,
  { again = false, holder = '' }: { readonly again?: boolean; readonly holder?: string } = {},
): ProofDecision {
  const { run, failure, provenAt } = cutTimes(proof, times, now).value;
  if (run && run.holder !== holder && new Date(run.until) > now) {
    return { outcome: 'busy', until: new Date(run.until) };
  }
  if (again) return { outcome: 'due', reason: 'somebody asks for it' };
  if (failure) {
    const until = new Date(failure.nextAttemptAt);
    if (until > now) return { outcome: 'waiting', until, failure };
    return { outcome: 'due', reason: 'the last try failed' };
  }
  if (provenAt === null) return { outcome: 'due', reason: 'the rights were never proven' };
  if (proof.rightsDigest !== rightsDigest) return { outcome: 'due', reason: 'the rights changed' };
  return { outcome: 'proven', at: provenAt };
}

/** Returns the places whose rights are to be proven now. An attempt would take one of the few server certificates of IAM. */
export function proofsDue(
  config: Pick<Config, 'certificates' | 'home'>,
  proofs: Proofs,
  now: Date,
): readonly string[] {
  return acmPlacesOfAll(config).filter(
    (place) => decideProof(proofs[place], now).outcome === 'due',
  );
}
