import type { CertificateConfig } from '#shared/config/config.ts';
import { type Probe, tlsProbe } from '#shared/deploy/probe/probe.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import { s3DomainTurns } from '#shared/deploy/turns/domain-lane.ts';
import { executionsOf, mostRunsOfPlace } from '#shared/limits.ts';
import { oncePerPlace, placeKey } from '#shared/place.ts';
import { loadTargets, targetMaker } from '#shared/targets/registry.ts';
import type { Target } from '#shared/targets/target.ts';
import { secondMs } from '#shared/time/clock.ts';
import type { Foundation } from '../foundation.ts';
import type { ClientsAt } from './places.ts';

const handshakeTimeoutMs = 5 * secondMs;

export async function composeTargets(
  foundation: Foundation,
  clientsAt: ClientsAt,
  worker: 'deploy' | 'verify',
) {
  const { clock, config } = foundation;
  const types = config.certificates.flatMap(({ targets }) => targets.map(({ type }) => type));
  const make = targetMaker(await loadTargets(types), {
    installation: config.installation,
    home: config.home,
    clock,
    clientOptionsFor: clientsAt,
    // Verify changes nothing.
    ...(worker === 'deploy' && {
      domainTurnsIn: oncePerPlace((place) => s3DomainTurns(foundation, placeKey(place))),
    }),
    runs: Math.min(executionsOf(config)[worker], mostRunsOfPlace),
  });
  return (certificate: CertificateConfig): readonly Target[] =>
    certificate.targets.map((target) => make(target, certificate.id));
}

export function composeProbe({ environment }: Foundation): Probe {
  const server = environment.CERTKEEP_RESOLVER;
  const resolve = dnsResolver({ servers: server === '' ? null : [server] });
  return tlsProbe({ resolve, timeoutMs: handshakeTimeoutMs });
}
