import { isWorthTelling } from '#shared/ledger/backoff.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { latestRevocation, toRevoke } from '#shared/ledger/record/revoking.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { stamp } from '../../text/times.ts';
import { acquiring, type Before, deploying, failed, type State } from './state.ts';

const lacks = 'is not revoked yet';

/** Says how far a version is on its way to be revoked: its successor is issued and served first. Pure. */
export function revoking(start: Before, record: CertificateRecord): State {
  const { desired, forced, revoking: wish, revokeTried, versions } = record;
  if (!wish || wish.at === start.record?.revoking?.at) {
    return { end: null, waitsFor: 'check to write it down' };
  }
  const version = versions.find(({ id }) => id === wish.versionId);
  const serial = version?.serial ?? wish.versionId;
  const tried = revokeTried?.wish === wish.at ? revokeTried : null;
  const waitsFor = 'the next check, which has its CA revoke the old one';
  if (tried?.doneAt || (version && isRevoked(record, version))) {
    return { waitsFor, end: { is: 'done', text: `its CA has revoked ${serial}` } };
  }
  if (tried?.failure && isWorthTelling(tried.failure)) {
    return { waitsFor, end: failed(tried.failure, serial, lacks) };
  }
  if (desired === wish.versionId || forced) return notRevoked(acquiring(start, record));
  const served = deploying(start, record);
  if (served.end === null) return served;
  const { end } = served;
  const later = revokedLater(record, wish.at);
  if (end.is === 'open') {
    const anyway = later ? `; without its proof, the CA revokes ${serial} at ${later}` : '';
    return notRevoked({ ...served, end: { ...end, text: end.text + anyway } });
  }
  const isFetched = Object.keys(record.deployments).length === 0;
  if (!isFetched || !later) return { waitsFor, end: null };
  const text = `${end.text}; its CA revokes ${serial} at ${later}, when servers have had six hours to fetch the new one`;
  return { waitsFor, end: { is: 'open', lacks, text } };
}

function notRevoked(state: State): State {
  const { end } = state;
  return end?.is === 'open' ? { ...state, end: { ...end, lacks } } : state;
}

/** The time at which it is revoked without further proof; null where it is not, or may be revoked at once. */
function revokedLater(record: CertificateRecord, askedAt: string): string | null {
  const desired = desiredVersion(record);
  if (!desired) return null;
  const latest = latestRevocation(desired);
  if (latest <= new Date(askedAt)) return null;
  const isRevokedThen = toRevoke(record, Object.keys(record.deployments), latest) !== null;
  return isRevokedThen ? stamp(latest.toISOString()) : null;
}
