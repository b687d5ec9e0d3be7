import { catalogue } from '#shared/errors.ts';
import type { CertificateRecord, Rehearsed } from '#shared/ledger/record/record.ts';
import { rehearsalHost, rehearsalText } from '#shared/ledger/record/rehearsing.ts';
import type { Before, State } from './state.ts';

/** Says how far a rehearsal has come that somebody has asked for since the start. Pure. */
export function rehearsing(start: Before, record: CertificateRecord): State {
  const rehearsed = rehearsalSince(start, record);
  if (!rehearsed) {
    return { end: null, waitsFor: record.attempt ? 'the order under way' : 'issue to begin' };
  }
  const { doneAt, failure, names } = rehearsed;
  const what = names === 1 ? 'its name' : `its ${names} names`;
  const waitsFor = `${rehearsalHost(rehearsed)} to validate ${what}`;
  if (doneAt === null) return { end: null, waitsFor };
  return { waitsFor, end: failure ? failed(rehearsed, failure) : passed(rehearsed) };
}

/** A wish that was there before is not the one that is followed. */
function rehearsalSince(start: Before, { rehearsed, rehearsing: wish }: CertificateRecord) {
  if (!wish || wish.at === start.record?.rehearsing?.at) return null;
  return rehearsed?.wish === wish.at ? rehearsed : null;
}

function passed(rehearsed: Rehearsed): State['end'] {
  const proof = rehearsed.validated > 0 ? ', CAA and the proof of names' : ' and CAA';
  const text = `${rehearsalText(rehearsed)}. Account, profile${proof} work there; nothing was issued`;
  return { is: 'done', text };
}

function failed(rehearsed: Rehearsed, { error }: NonNullable<Rehearsed['failure']>): State['end'] {
  const known: Readonly<Record<string, { readonly nextStep: string }>> = catalogue;
  const what = rehearsalText(rehearsed).replace(/[.\s]+$/, '');
  const text = `${what}. ${known[error]?.nextStep ?? ''} No renewal waits for this`;
  return { is: 'open', lacks: 'did not pass its rehearsal', mends: 'doctor', text };
}
