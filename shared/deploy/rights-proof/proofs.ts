import * as z from 'zod/mini';
import { type FailureCause, nextFailure } from '#shared/ledger/backoff.ts';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { failureSchema } from '#shared/ledger/record/record.ts';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';

/*
 *            begun                 proven
 *   nothing ───────▶ under way ──────────────▶ proven ──▶ (other rights) under way
 *                       ▲   │ failed
 *                       └───┴─ failing, tried again after its back-off
 */

const instant = z.iso.datetime();

const proof = ledgerObject({
  provenAt: z.nullable(instant),
  /** The digest of the rights that were proven. */
  rightsDigest: z.nullable(z.string()),
  failure: z.nullable(failureSchema),
  /** The time of the first failure in the present streak. */
  failingSince: z.nullable(instant),
  /** The error that was reported to people. */
  told: z.nullable(z.string()),
  /** The run that proves now; `until` is later than its end. */
  run: z.nullable(ledgerObject({ holder: z.string(), until: instant })),
});

/** The known proof of the rights in one place. */
export type Proof = Readonly<z.infer<typeof proof>>;

/** By place key. */
export type Proofs = Readonly<Record<string, Proof>>;

export const noProof: Proof = {
  provenAt: null,
  rightsDigest: null,
  failure: null,
  failingSince: null,
  told: null,
  run: null,
};

/** `rights/proofs.json`, one object for all places: check reads it at every run, deploy writes it. */
export function s3Proofs(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Proofs> {
  return sharedObject<Proofs>(objects, {
    key: 'rights/proofs.json',
    parse: (json) => readableEntries(proof, json),
    toJson: (proofs) => proofs,
    empty: {},
  });
}

export function withProof(proofs: Proofs, place: string, change: (proof: Proof) => Proof): Proofs {
  const known = proofs[place] ?? noProof;
  return { ...proofs, [place]: { ...foreignFields(proof, known), ...change(known) } };
}

export function begun(proof: Proof, holder: string, until: Date): Proof {
  return { ...proof, run: { holder, until: until.toISOString() } };
}

export function proven(rightsDigest: string, now: Date): Proof {
  return { ...noProof, provenAt: now.toISOString(), rightsDigest };
}

/** An earlier proof does not count any more. */
export function failed(
  proof: Proof,
  cause: Pick<FailureCause, 'name' | 'message'> & Partial<FailureCause>,
  now: Date,
  delaysMs: readonly number[],
): Proof {
  const limits = { delaysMs, endOfLife: null };
  return {
    ...proof,
    rightsDigest: null,
    failure: nextFailure(proof.failure, { retryAt: null, ...cause }, now, limits),
    failingSince: proof.failingSince ?? now.toISOString(),
    run: null,
  };
}

export function told(proof: Proof, error: string): Proof {
  return { ...proof, told: error };
}
