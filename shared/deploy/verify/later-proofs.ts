import { createHash } from 'node:crypto';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { isAhead, past } from '#shared/ledger/record/times.ts';
import { dayMs } from '#shared/time/clock.ts';

/*
 * A proof that shows what the record says already is not written there: it stands in verify's book. It counts as long as
 * the record holds the proof that it repeats, and nobody has asked for a look since.
 */

/** A proof of a target that the record calls proven. Times are ISO 8601. */
export type LaterProof = {
  /** The key of the target. */
  readonly key: string;
  /** The proof in the record that it repeats. */
  readonly repeats: string;
  readonly at: string;
  /** When the endpoint is to be asked again. */
  readonly nextProbeAt: string;
  /** When its listener was last looked at. */
  readonly lookedAt: string;
};

/** The proofs of one certificate, and since when such proofs are kept; null where nobody knows. ISO 8601. */
export type KnownProofs = { readonly text: string | undefined; readonly since: string | null };

/** No endpoint is left alone for longer: such a proof does not count. */
const believedMs = dayMs;

/**
 * Returns the record as if the proofs were written in it. Proofs from before the book was begun may be lost, so no target
 * counts as due for longer than the book exists. The result is to decide by, not to be written. Pure.
 */
export function withLaterProofs(
  record: CertificateRecord,
  { since, text }: KnownProofs,
  now: Date,
): CertificateRecord {
  const proofs = proofsIn(text);
  const begun = since !== null && !isAhead(since, now, past) ? since : null;
  if (proofs.size === 0 && begun === null) return record;
  const before = Object.entries(record.deployments);
  const after = before.map(([key, each]) => {
    const proof = proofs.get(shortOf(key));
    if (proof && counts(record, each, proof, now)) return [key, provenBy(each, proof)] as const;
    const isOlder =
      each.state === 'proven' && begun !== null && (each.nextProbeAt ?? begun) < begun;
    return [key, isOlder ? { ...each, nextProbeAt: begun } : each] as const;
  });
  if (after.every(([, each], index) => each === before[index]?.[1])) return record;
  return { ...record, deployments: Object.fromEntries(after) };
}

/** Adds proofs to what is known, and leaves out those that do not count any more. Pure. */
export function textWith(
  record: CertificateRecord,
  text: string | undefined,
  added: readonly LaterProof[],
  now: Date,
): string {
  const known = proofsIn(text);
  const kept = Object.entries(record.deployments).flatMap(([key, each]) => {
    const proof = known.get(shortOf(key));
    const isReplaced = added.some((other) => other.key === key);
    return proof && !isReplaced && counts(record, each, proof, now) ? [{ ...proof, key }] : [];
  });
  return [...kept, ...added].map(lineOf).join(';');
}

type Proof = Omit<LaterProof, 'key'>;

function counts(
  record: CertificateRecord,
  deployment: Deployment,
  proof: Proof,
  now: Date,
): boolean {
  const { at, nextProbeAt, repeats } = proof;
  return (
    deployment.state === 'proven' &&
    deployment.provenAt === repeats &&
    // Somebody has asked for a look since: a listener is gone, or a person repeats everything.
    at >= (deployment.nextProbeAt ?? at) &&
    at >= (record.retried?.at ?? at) &&
    !isAhead(at, now, past) &&
    !isAhead(nextProbeAt, new Date(at), believedMs)
  );
}

function provenBy(deployment: Deployment, { at, lookedAt, nextProbeAt }: Proof): Deployment {
  const { endpoint, probe } = deployment;
  return {
    ...deployment,
    provenAt: at,
    nextProbeAt,
    probe: probe && { ...probe, at },
    ...(endpoint && { endpoint: { ...endpoint, lookedAt } }),
  };
}

/** A key is the ARN of a listener: a few letters tell those of one certificate apart. */
function shortOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 10);
}

function lineOf({ at, key, lookedAt, nextProbeAt, repeats }: LaterProof): string {
  return [shortOf(key), ...[repeats, at, nextProbeAt, lookedAt].map(Date.parse)].join(' ');
}

const line = /^([\w-]{10}) (\d{13}) (\d{13}) (\d{13}) (\d{13})$/;

/** By the short key. What is no proof is left out. */
function proofsIn(text = ''): ReadonlyMap<string, Proof> {
  const found = text.split(';').flatMap((each) => {
    const [, short = '', ...times] = line.exec(each) ?? [];
    const [repeats, at, nextProbeAt, lookedAt] = times.map((ms) =>
      new Date(Number(ms)).toISOString(),
    );
    if (!repeats || !at || !nextProbeAt || !lookedAt) return [];
    return [[short, { repeats, at, nextProbeAt, lookedAt }] as const];
  });
  return new Map(found);
}
