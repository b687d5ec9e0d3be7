import type { ErrorName } from '#shared/errors.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord, Rehearsed } from '#shared/ledger/record/record.ts';
import { rehearsalDue, rehearsalText } from '#shared/ledger/record/rehearsing.ts';

/*
 *                  rehearsalBegun                  rehearsalEnded
 *   wished by check ───────────▶ tried 1, 2, … times ───────────▶ passed, or failed
 *                                 │            ▲
 *                                 └────────────┘
 *                rehearsalEnded without a result, or the run has died
 */

/** A run that dies, or ends before the CA has answered, is followed by another one; but not for ever. */
const mostTries = 4;

/** Names failures that say only that the run has ended before it was known whether it works. */
const unfinished: readonly string[] = [
  'RunOutOfTime',
  'OrderTimedOut',
  'DnsChangeTimedOut',
  'AccountKeyChanged',
] satisfies ErrorName[];

type Begun = { readonly directory: string; readonly names: number };

/**
 * Written before anything is asked of the CA. Where too many tries came to nothing, that is the result. Changes nothing where
 * nobody wants a rehearsal any more.
 */
export function rehearsalBegun(
  record: CertificateRecord,
  { directory, names }: Begun,
  now: Date,
): CertificateRecord {
  const { rehearsing } = record;
  if (!rehearsing || !rehearsalDue(record, now)) return record;
  const before = record.rehearsed?.wish === rehearsing.at ? record.rehearsed : null;
  const { failure = null, tries = 0, validated = 0 } = before ?? {};
  if (before && tries >= mostTries) {
    const error = 'RunOutOfTime' satisfies ErrorName;
    const message = `its runs have ended ${tries} times before it was over`;
    return withResult(record, before, failure ?? { error, message }, now);
  }
  const rehearsed = {
    ...before,
    ...{ wish: rehearsing.at, directory, names, validated, failure },
    ...{ tries: tries + 1, triedAt: now.toISOString(), doneAt: null },
  };
  return { ...record, rehearsed };
}

/** `failure` is null where everything worked; `validated` is the number of names that the CA has validated in this try. */
export function rehearsalEnded(
  record: CertificateRecord,
  {
    failure,
    validated,
  }: {
    readonly failure: { readonly error: string; readonly message: string } | null;
    readonly validated: number;
  },
  now: Date,
): CertificateRecord {
  const { rehearsed, rehearsing } = record;
  if (!rehearsed || rehearsed.wish !== rehearsing?.at || rehearsed.doneAt) return record;
  // The same names may have been asked for in every try.
  const all = Math.min(rehearsed.names, Math.max(rehearsed.validated, validated));
  const tried = { ...rehearsed, validated: all };
  const isOver = !failure || !unfinished.includes(failure.error) || tried.tries >= mostTries;
  return isOver
    ? withResult(record, tried, failure, now)
    : { ...record, rehearsed: { ...tried, failure } };
}

function withResult(
  record: CertificateRecord,
  tried: Rehearsed,
  failure: Rehearsed['failure'],
  now: Date,
): CertificateRecord {
  const at = now.toISOString();
  const rehearsed = { ...tried, failure, doneAt: at };
  const what = rehearsalText(rehearsed);
  const why = record.rehearsing?.reason ?? null;
  return withHistory({ ...record, rehearsed }, { at, stage: 'issue', what, why });
}
