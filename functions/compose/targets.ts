import type { CertificateConfig } from '#shared/config/config.ts';
import { type Probe, tlsProbe } from '#shared/deploy/probe/probe.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import { functionName } from '#shared/installation.ts';
import { executionsOf, mostRunsOfPlace } from '#shared/limits.ts';
import { networkKey, oncePerPlace, type Place, placeKey } from '#shared/place.ts';
import { hasTurns } from '#shared/targets/identities.ts';
import { loadTargets, targetMaker } from '#shared/targets/registry.ts';
import type { Target } from '#shared/targets/target.ts';
import type { Foundation } from '../foundation.ts';
import { handshakeTimeoutMs, resolversOf } from './handshakes.ts';
import type { ClientsAt } from './places.ts';

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
    ...(worker === 'deploy' && hasTurns(config) && (await domainTurns(foundation))),
    runs: Math.min(executionsOf(config)[worker], mostRunsOfPlace),
  });
  const isFound = config.certificates.some(({ found }) => found);
  const { taggedTarget } = isFound ? await import('#shared/targets/found/tagged-target.ts') : {};
  return ({ found = [], id, targets }: CertificateConfig): readonly Target[] =>
    targets.map((each) => {
      const target = make(each, id);
      if (!found.includes(target.key)) return target;
      if (!taggedTarget) throw new Error('targets that were found by a tag are not loaded');
      return taggedTarget(each, target, id);
    });
}

/** Loaded where some target waits for turns. */
async function domainTurns(foundation: Foundation) {
  const { s3DomainTurns } = await import('#shared/deploy/turns/domain-lane.ts');
  return {
    domainTurnsIn: oncePerPlace((place) => s3DomainTurns(foundation, placeKey(place))),
  };
}

/**
 * Returns the probe of each place: from outside, and for a place whose network has a function of ours, from there too. The
 * code for that is loaded where the configuration has such a place.
 */
export async function composeProbes(
  { config, environment }: Foundation,
  clientsAt: ClientsAt,
): Promise<(place: Place) => Probe> {
  const resolve = dnsResolver({ servers: resolversOf(environment.CERTKEEP_RESOLVER) });
  const outside = tlsProbe({ resolve, timeoutMs: handshakeTimeoutMs });
  const { places = {} } = config;
  if (Object.keys(places).length === 0) return () => outside;
  const { insideOf } = await import('#shared/deploy/probe/inside/inside-of.ts');
  const name = functionName(config.installation, 'inside');
  return oncePerPlace((place) =>
    places[networkKey(place)]?.probe ? insideOf(outside, clientsAt(place), name) : outside,
  );
}
