import type { CertificateConfig } from '#shared/config/config.ts';
import { isPublishing } from '#shared/deploy/publish/published.ts';
import { isSpent } from '#shared/deploy/retire/retired-arn.ts';
import type { CertificateRecord, Lease, RetiredArn } from '#shared/ledger/record/record.ts';
import type { World } from '#test/support/world.ts';

/** Describes the work left according to the ledger; returns nothing when all is at rest. */
export function unrest(world: World): readonly string[] {
  return world.landscape.config.certificates.flatMap((certificate) =>
    unrestOf(world, certificate).map((what) => `${certificate.id}: ${what}`),
  );
}

function unrestOf(world: World, certificate: CertificateConfig): readonly string[] {
  if (!world.hasRecord(certificate.id)) return ['there is no record'];
  const record = world.record(certificate.id);
  // A lease that could not be returned is free when it expires.
  const isHeld = ({ until }: Lease) => new Date(until) > world.clock.now();
  const held = Object.keys(record.leases).filter((name) => isHeld(record.leases[name] as Lease));
  return [
    ...(record.desired === null ? ['nothing is desired'] : []),
    ...(record.attempt ? ['an attempt is open'] : []),
    ...(record.acquireFailure ? [`a failure stands: ${record.acquireFailure.error}`] : []),
    ...(record.txt.length > 0 ? ['challenge values are to be taken away'] : []),
    ...(record.outbox.length > 0 ? ['events are to be told'] : []),
    ...(held.length > 0 ? [`leases are held: ${held.join(', ')}`] : []),
    ...placesUnrest(record, world.clock.now()),
    ...deploymentsUnrest(record, certificate),
    ...world.landscape.config.replicas
      .filter((region) => !holdsDesired(record, region))
      .map((region) => `the replica in ${region} is behind`),
  ];
}

function placesUnrest({ imports, desired }: CertificateRecord, now: Date): readonly string[] {
  // For some days it only waits for users that may still appear.
  const isDue = (retired: RetiredArn) => !retired.unusedSince || isSpent(retired, now);
  return Object.entries(imports).flatMap(([place, held]) => [
    ...(held.versionId === desired ? [] : [`${place} holds another version`]),
    ...(held.importing ? [`an import to ${place} is open`] : []),
    ...(held.retired.some(isDue) ? [`${place} has certificates to delete`] : []),
    ...(held.publishedArn === (isPublishing(place) ? held.arn : null)
      ? []
      : [`${place} publishes another ARN`]),
    ...(held.publishFailure ? [`a failure stands in ${place}`] : []),
  ]);
}

function deploymentsUnrest(
  { deployments, desired }: CertificateRecord,
  { targets }: CertificateConfig,
): readonly string[] {
  const each = Object.entries(deployments);
  const unproven = each.filter(
    ([, { state, versionId }]) => state !== 'proven' || versionId !== desired,
  );
  return [
    ...(each.length === targets.length
      ? []
      : [`${each.length} of ${targets.length} targets known`]),
    ...unproven.map(([key, { state }]) => `${key} is ${state}`),
  ];
}

function holdsDesired({ replicas, desired }: CertificateRecord, region: string): boolean {
  const replica = replicas[region];
  return replica?.versionId === desired && replica.secretInSync;
}
