import { notServedText } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { stamp } from '../../text/times.ts';
import { type Before, deploying, type State } from './state.ts';

const lacks = 'was not put back';

/** Says how far an earlier version is on its way back into service. Pure. */
export function choosing(start: Before, record: CertificateRecord): State {
  const { chosen, desired, history, versions } = record;
  if (!chosen || chosen.at === start.record?.chosen?.at) {
    return { end: null, waitsFor: 'check to write it down' };
  }
  const { at, until, versionId } = chosen;
  if (versionId === desired) {
    const stays = until === null ? 'a newer one is issued' : stamp(until);
    const state = deploying(start, record);
    if (state.end?.is !== 'done') return state;
    return { ...state, end: { is: 'done', text: `${state.end.text}; it stays until ${stays}` } };
  }
  const waitsFor = 'issue to put it into service';
  const version = versions.find(({ id }) => id === versionId);
  const serial = version?.serial ?? versionId;
  if (version?.unusable) {
    return { waitsFor, end: { is: 'open', lacks, text: `${serial}: ${version.unusable}` } };
  }
  if (versions.some(({ id, issuedAt }) => id === desired && issuedAt > at)) {
    const text = 'a newer certificate was issued meanwhile, and is served instead';
    return { waitsFor, end: { is: 'open', lacks, text } };
  }
  const refused = history.findLast(
    (entry) => entry.at >= at && entry.what === notServedText({ id: versionId }),
  );
  if (!refused) return { waitsFor, end: null };
  const text = `${serial}: ${refused.why}; certkeep tries again by itself with every check`;
  return { waitsFor, end: { is: 'open', lacks, text } };
}
