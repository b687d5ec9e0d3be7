import { nameOf, placeName, servedAt } from '#shared/check/conditions/served-at.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { networkKey } from '#shared/place.ts';
import { positionOf as wantedPosition } from '#shared/targets/elbv2/facts.ts';
import { identitiesOf, identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Position } from '#shared/targets/target.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import type { Compared } from './difference.ts';

/** A target with what people call it. */
export type Listener = TargetIdentity & {
  readonly config: TargetConfig;
  /** `web:443 (eu-central-1)`; from its ARN where nobody has looked at it yet. */
  readonly name: string;
};

/** The targets of a certificate. */
export function listenersOf(
  { records }: Pick<Compared, 'records'>,
  { home }: Pick<Config, 'home'>,
  { id, targets }: CertificateConfig,
): readonly Listener[] {
  return targets.map((config) => {
    const identity = identityOf(config, home, id);
    const deployment = records.get(id)?.deployments[identity.key];
    const name = deployment?.endpoint
      ? nameOf({ home }, identity, deployment)
      : `${shortName(config)} (${placeName(home, networkKey(identity.place))})`;
    return { ...identity, config, name };
  });
}

/** Two listeners of a load balancer differ in the last part of their ARNs. */
function shortName(config: TargetConfig): string {
  if (config.type === 'acm') return 'ACM';
  if (config.type === 'cloudfront') return `CloudFront ${config.distribution}`;
  if (config.type === 'clb') return `${config.loadBalancer}:${config.port}`;
  if (config.type === 'api-gateway') return config.domain;
  if (config.type === 'files') return config.probe;
  const [, name = '', , listener = ''] = config.listener.split(':listener/')[1]?.split('/') ?? [];
  return `${name}/${listener}`;
}

/** `default`, `sni`, `both`; a Classic Load Balancer has one place alone. */
export function positionOf({ config }: Pick<Listener, 'config'>): Position {
  return wantedPosition(config);
}

/** Returns the certificate of the file that takes a place for one certificate alone; null where none does. */
export function successorAt(
  { wanted }: Pick<Compared, 'wanted'>,
  { isExclusive, listener }: Pick<Listener, 'isExclusive' | 'listener'>,
): string | null {
  if (!isExclusive) return null;
  const successor = wanted.certificates.find((certificate) =>
    identitiesOf(certificate, wanted.home).some(
      (other) => other.isExclusive && other.listener === listener,
    ),
  );
  return successor?.id ?? null;
}

/** Returns when what a listener serves ends, as last seen; null where nobody knows. */
export function servedUntil(
  { now, records, wanted }: Compared,
  id: string,
  listener: Listener,
): string | null {
  const record = records.get(id);
  if (!record) return null;
  return servedAt({ config: wanted, now, record }, listener)?.hurtsAt ?? null;
}
