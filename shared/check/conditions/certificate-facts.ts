import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import type { SecretSeen } from '../observations/observations.ts';
import { lifetimeOfVersion, type Stake } from './finding.ts';
import { servedAt } from './served-at.ts';

/** The facts from which the conditions of a certificate follow. */
export type CertificateFacts = {
  readonly config: Pick<Config, 'home' | 'places' | 'replicas'>;
  readonly certificate: CertificateConfig;
  readonly record: CertificateRecord;
  /** The last look at its secret. */
  readonly secret: SecretSeen | null;
  readonly now: Date;
};

export function targetsOf({ certificate, config }: CertificateFacts): readonly TargetIdentity[] {
  return identitiesOf(certificate, config.home);
}

/** Returns what clients get while the certificate is not renewed, and until when: at the target where it ends first. */
export function stakeOf(facts: CertificateFacts): Stake {
  const { record } = facts;
  const version = desiredVersion(record);
  const targets = targetsOf(facts);
  const lifetimeMs = lifetimeOfVersion(version);
  if (version && isRevoked(record, version)) {
    const hurtsAt = version.revokedAt ?? record.revocation?.revokedAt ?? facts.now.toISOString();
    return { clients: 'revoked', where: null, hurtsAt, lifetimeMs };
  }
  // Somebody fetches it, or will.
  if (targets.length === 0 && version) {
    const { notAfter } = version;
    const clients = new Date(notAfter) <= facts.now ? 'ended' : 'valid';
    return { clients, where: null, hurtsAt: notAfter, lifetimeMs };
  }
  const ends = targets.map((target) => servedAt(facts, target)).filter((end) => end !== null);
  const first = ends.toSorted((a, b) => (a.hurtsAt < b.hurtsAt ? -1 : 1))[0];
  return { ...(first ?? { clients: 'not-yet', where: null, hurtsAt: null }), lifetimeMs };
}
