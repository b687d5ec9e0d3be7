import type { Config } from '#shared/config/config.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { knownReplica } from '#shared/ledger/replica.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { type CertificateFacts, stakeOf } from './certificate-facts.ts';
import {
  dangerMeanwhile,
  dangerOf,
  dateOf,
  type Finding,
  lifetimeOfVersion,
  unaffected,
  well,
} from './finding.ts';
import { nameOf, servedAt } from './served-at.ts';

/** Sync copies within minutes; secrets of a new region take longer. */
const copiedWithinMs = dayMs;

/** A secret is promoted within the run that stores a version. */
const promotedWithinMs = hourMs;

/** Says whether the secret with the key is there, as seen within the last day. */
export function storedFinding(facts: CertificateFacts): readonly Finding[] {
  const { now, record, secret } = facts;
  const version = desiredVersion(record);
  if (!version) return [];
  const found = { type: 'Stored', about: null } as const;
  if (secret?.versionId !== version.id) {
    const message = 'its secret was not looked at yet';
    const danger = dangerMeanwhile(unaffected, now);
    return [{ ...found, status: 'unknown', reason: 'NotLookedAtYet', message, danger }];
  }
  const stake = stakeOf(facts);
  const lost = { ...dangerOf(stake, now), severity: 'critical' } as const;
  const bad = { ...found, status: 'false', danger: lost } as const;
  switch (secret.state) {
    case 'there':
      return [well('Stored', 'its secret is there')];
    case 'missing':
      return [{ ...bad, reason: 'SecretMissing', message: 'its secret is gone' }];
    case 'marked-for-deletion': {
      const message = 'its secret is marked for deletion';
      return [{ ...bad, reason: 'SecretMarkedForDeletion', message }];
    }
    case 'another-version': {
      const message = 'its secret gives readers another version';
      const reason = 'SecretDiffers';
      const late = { reason, message, danger: dangerOf(stake, now) };
      const danger = dangerMeanwhile(stake, now);
      const patience = { ms: promotedWithinMs, ...late };
      return [{ ...found, status: 'unknown', reason, message, danger, patience }];
    }
  }
}

/** Says whether each replica region holds the certificate. */
export function copyFindings({ config, now, record }: CertificateFacts): readonly Finding[] {
  const version = desiredVersion(record);
  if (!version) return [];
  return config.replicas.map((region): Finding => {
    const known = knownReplica(record, region);
    if (known?.secretInSync) return well('Copied', `${region} holds it`, region);
    const message = known?.reason ?? `it was not copied to ${region} yet`;
    const danger = dangerMeanwhile(unaffected, now);
    const late = { reason: 'RegionBehind', message, danger: dangerOf(unaffected, now) };
    return {
      type: 'Copied',
      about: region,
      named: { region },
      status: 'unknown',
      reason: 'BeingCopied',
      message,
      danger,
      patience: { ms: copiedWithinMs, ...late },
      from: known?.syncedAt ?? version.issuedAt,
    };
  });
}

/** A certificate that nobody has missed by then is not needed. */
const forgottenAfterMs = 30 * dayMs;

/**
 * A certificate that left the configuration is not renewed any more: while it is bound somewhere, as far as the record
 * knows, that ends in an outage. Empty where it is bound nowhere.
 */
export function forgottenFindings(
  config: Pick<Config, 'home'>,
  record: CertificateRecord,
  now: Date,
): readonly Finding[] {
  return Object.entries(record.deployments).flatMap(([key, deployment]): Finding[] => {
    const target = { key, place: parsePlaceKey(deployment.place) };
    const seen = servedAt({ config, record, now }, target);
    if (deployment.arn === null && !seen) return [];
    if (seen && addMs(new Date(seen.hurtsAt), forgottenAfterMs) <= now) return [];
    const about = nameOf(config, target, deployment);
    const ends = seen ? `, and ends there on ${dateOf(seen.hurtsAt)}` : '';
    const lifetimeMs = lifetimeOfVersion(desiredVersion(record));
    const held = seen ?? { clients: 'earlier', where: about, hurtsAt: null };
    const stake = { ...held, lifetimeMs };
    return [
      {
        type: 'Configured',
        about,
        status: 'false',
        reason: 'NotConfigured',
        message: `it is not in the configuration any more, still bound at ${about}${ends}: nobody renews it`,
        danger: dangerOf(stake, now),
      },
    ];
  });
}
