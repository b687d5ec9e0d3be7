import {
  heldUntil,
  needsNewKey,
  type Reason,
  reasonToIssue,
  type Situation,
} from '#shared/acquire/renewal/rules.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { type CertificateRecord, emptyRecord, type Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { byId } from './affected.ts';
import type { CausedOrder, Compared } from './difference.ts';

/** Check's decision about a certificate before and after the deployment. */
export type Cause = {
  readonly situation: Situation;
  /** Null where the file causes no order. */
  readonly order: CausedOrder | null;
};

/** Asks the rules of check what the file means for a certificate that it keeps. */
export function causeOf(compared: Compared, certificate: CertificateConfig): Cause {
  const { deployed, now, wanted } = compared;
  const before = byId(deployed).get(certificate.id);
  const record = recordOf(compared, certificate.id, before);
  const situation = { certificate, issuers: wanted.issuers, record, now };
  const reason = reasonToIssue(situation);
  const earlier =
    deployed && before
      ? reasonToIssue({ certificate: before, issuers: deployed.issuers, record, now })
      : null;
  if (!reason || isSameReason(reason, earlier)) return { situation, order: null };
  const order = {
    certificate: certificate.id,
    reason: reason.text,
    heldUntil: heldUntil(reason, situation),
    takesNewKey: certificate.rotation === 'always' || needsNewKey(situation),
  };
  return { situation, order };
}

/** An order that is due anyway is not caused by the file. */
function isSameReason(reason: Reason, earlier: Reason | null): boolean {
  return reason.rule === earlier?.rule && reason.text === earlier.text;
}

function recordOf(
  { deployed, now, records }: Compared,
  id: string,
  before: CertificateConfig | undefined,
): CertificateRecord {
  const known = records.get(id);
  if (known) return known;
  const isUnread = known === undefined;
  return isUnread && deployed && before
    ? presumedRecord(deployed, before, now)
    : emptyRecord(id, now);
}

/** A certificate in the middle of its life, as it is configured: what is most likely where nobody could read its record. */
function presumedRecord(
  deployed: Config,
  { id, issuers: [issuer = ''], key, names }: CertificateConfig,
  now: Date,
): CertificateRecord {
  const config = deployed.issuers[issuer];
  const version: Version = {
    ...{ id: 'presumed', serial: '', names: [...names], keyAlgorithm: key, issuer },
    ...{ fingerprintSha256: '', orderUrl: 'presumed', issuedAt: addMs(now, -dayMs).toISOString() },
    notBefore: addMs(now, -dayMs).toISOString(),
    notAfter: addMs(now, 89 * dayMs).toISOString(),
    ...(config && {
      origin: {
        directory: config.directory,
        account: accountKeyName(config),
        profile: config.profile ?? null,
        staging: knownDirectory(config.directory)?.staging === true,
      },
    }),
  };
  return { ...emptyRecord(id, now), desired: version.id, versions: [version] };
}
