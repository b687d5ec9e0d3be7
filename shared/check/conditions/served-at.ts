import type { Config } from '#shared/config/config.ts';
import { servedUntilOf } from '#shared/deploy/deployment-questions.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { networkKey, parsePlaceKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import type { Stake } from './finding.ts';

export type ServedAt = Omit<Stake, 'lifetimeMs' | 'hurtsAt'> & { readonly hurtsAt: string };

type Home = Pick<Config, 'home'>;

/**
 * Returns what clients get at a target, as last seen, and until when. Null where nobody knows, as before a first deployment.
 */
export function servedAt(
  {
    config,
    now,
    record,
  }: { readonly config: Home; readonly record: CertificateRecord; readonly now: Date },
  target: Pick<TargetIdentity, 'key' | 'place'>,
): ServedAt | null {
  const deployment = record.deployments[target.key];
  if (!deployment) return null;
  const where = nameOf(config, target, deployment);
  if (deployment.state === 'contradicted' && !isOurs(record, deployment)) {
    const at = deployment.probe?.contradictedSince ?? deployment.probe?.at ?? deployment.changedAt;
    return { clients: 'another', where, hurtsAt: at };
  }
  const until = servedUntilOf(record, deployment);
  if (until === null) return null;
  return { clients: new Date(until) <= now ? 'ended' : 'valid', where, hurtsAt: until };
}

/** Says whether the endpoint serves a version of ours, or what it served before the change: good until its end. */
function isOurs(
  { versions }: Pick<CertificateRecord, 'versions'>,
  { baselineSha256, probe }: Deployment,
): boolean {
  const seen = probe?.fingerprintSha256;
  if (seen === undefined) return false;
  return seen === baselineSha256 || versions.some((each) => each.fingerprintSha256 === seen);
}

/** `web:443 (eu-central-1)`, with the account where it is not the home. */
export function nameOf(
  { home }: Home,
  { key, place }: Pick<TargetIdentity, 'key' | 'place'>,
  deployment: Pick<Deployment, 'endpoint'> | undefined,
): string {
  const name = deployment?.endpoint?.name ?? shortKey(key);
  return `${name} (${placeName(home, networkKey(place))})`;
}

/** `eu-central-1`, `eu-central-1, 730335182204` in another account, `eu-central-1 (IAM)` for its server certificates. */
export function placeName(home: Config['home'], place: string): string {
  const { account, region, store } = parsePlaceKey(place);
  const name = account === home.account ? region : `${region}, ${account}`;
  return store ? `${name} (IAM)` : name;
}

/** A listener that was never looked at has no name yet; its ARN holds the load balancer's. */
function shortKey(key: string): string {
  return (
    /loadbalancer\/(?:app\/|net\/)?([^/]+)/.exec(key)?.[1] ??
    /listener\/(?:app|net)\/([^/]+)/.exec(key)?.[1] ??
    key
  );
}
