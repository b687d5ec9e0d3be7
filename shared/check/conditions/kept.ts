import type { Config } from '#shared/config/config.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { knownReplica } from '#shared/ledger/replica.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { dayMs } from '#shared/time/clock.ts';
import type { CertificateFacts } from './certificate-facts.ts';
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

/** Whether each replica region holds the certificate. */
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
