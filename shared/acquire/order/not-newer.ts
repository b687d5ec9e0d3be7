import { sameDirectory } from '#shared/issuers/same-directory.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { mayBeRevoked } from '../advice/renewal-info.ts';
import { dueByLifetime } from '../renewal/renewal-time.ts';

/**
 * Returns a sentence that says why a certificate is not newer than the one in service; null where it is. Otherwise a CA, or
 * a cache in front of it, that returns an earlier one would be asked again for ever.
 */
export function notNewer(record: CertificateRecord, version: Version, now: Date): string | null {
  const held = desiredVersion(record);
  if (!held) return null;
  if (version.serial === held.serial && sameOrigin(version, held)) {
    return `it is the one in service: serial ${held.serial}`;
  }
  // Another profile, another CA or a lost key may be worth a shorter life.
  const isForItsEnd = now >= dueByLifetime(held) && sameOrigin(version, held);
  if (!isForItsEnd || record.forced || isRevoked(record, held)) return null;
  const advice = adviceOn(record, held);
  if (advice && mayBeRevoked(held, advice)) return null;
  if (version.notAfter > held.notAfter) return null;
  return `it ends at ${version.notAfter}, no later than the one in service at ${held.notAfter}`;
}

function sameOrigin({ origin: one }: Version, { origin: other }: Version): boolean {
  if (!one || !other) return true;
  return sameDirectory(one.directory, other.directory) && one.profile === other.profile;
}
