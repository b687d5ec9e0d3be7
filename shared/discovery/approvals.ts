import * as z from 'zod/mini';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Tagged } from './resource.ts';

/*
 *            approved                withdrawn
 *   nothing ──────────▶ approved ◀──────────────▶ withdrawn
 *      └──────────────────── withdrawn ───────────────▲
 */

const approval = ledgerObject({
  /** `withdrawn`: a person has said no, and hears of it no more. */
  state: z.enum(['approved', 'withdrawn']),
  /** Of one certificate, and one position at the resource: another tag needs another approval. */
  certificate: z.string().check(z.maxLength(256)),
  position: z.nullable(z.string().check(z.maxLength(256))),
  at: z.iso.datetime(),
  /** Null where the tag suffices (`discovery: trusted`). */
  reason: z.nullable(z.string()),
});

export type Approval = Readonly<z.infer<typeof approval>>;

/** By the ARN of the resource. */
export type Approvals = Readonly<Record<string, Approval>>;

/** `discovery/approved.json`: check alone writes it, the functions that deploy read it at every run. */
export function s3Approvals(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Approvals> {
  return sharedObject<Approvals>(objects, {
    key: 'discovery/approved.json',
    parse: (json) => readableEntries(approval, json),
    toJson: (approvals) => approvals,
    empty: {},
  });
}

/** Says whether a person, or trust, has decided about the tag as it is now. */
export function isAbout(known: Approval | undefined, { certificate, position }: Tagged): boolean {
  return known?.certificate === certificate && known.position === position;
}

/** Keeps the first approval of the same tag, so that a repeated request changes nothing. */
export function decided(
  approvals: Approvals,
  { arn, certificate, position }: Tagged,
  { at, reason, state }: Pick<Approval, 'at' | 'reason' | 'state'>,
): Approvals {
  const known = approvals[arn];
  if (known?.state === state && known.certificate === certificate && known.position === position) {
    return approvals;
  }
  return { ...approvals, [arn]: { state, certificate, position, at, reason } };
}
