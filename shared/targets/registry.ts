import type { ClientOptions } from '#shared/aws/clients.ts';
import { networkOf, oncePerPlace, type Place } from '#shared/place.ts';
import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { DomainTurns } from './api-gateway/domain-turns.ts';
import { elbPace } from './elb-pace.ts';
import { identityOf } from './identities.ts';
import type { TargetConfig } from './specs.ts';
import type { Target } from './target.ts';
import type { TargetPlugin } from './target-plugin.ts';

type TargetType = TargetConfig['type'];

/** One line per kind: the module that the function loads, with its SDK. */
const plugins: PluginLoaders<TargetType, TargetPlugin> = {
  alb: () => import('./alb/plugin.ts'),
  nlb: () => import('./nlb/plugin.ts'),
  clb: () => import('./clb/plugin.ts'),
  acm: () => import('./acm/plugin.ts'),
  cloudfront: () => import('./cloudfront/plugin.ts'),
  'api-gateway': () => import('./api-gateway/plugin.ts'),
  files: () => import('./files/plugin.ts'),
};

export type TargetPorts = {
  readonly installation: string;
  readonly home: Place;
  readonly clientOptionsFor: (place: Place) => ClientOptions;
  readonly clock: Clock;
  /** The runs of this function that work in one place at once; one unless given. */
  readonly runs?: number;
  /** The turns of changes of domain names; absent for those who only look. */
  readonly domainTurnsIn?: (place: Place) => DomainTurns;
};

type LoadedTargets = ReadonlyMap<TargetType, TargetPlugin>;

export function loadTargets(types: readonly TargetType[]): Promise<LoadedTargets> {
  return loadPlugins(plugins, types);
}

/**
 * Creates the targets of certificates, given by their ids. They share their clients within a place, so that they combine
 * their looks and send calls in turn.
 */
export function targetMaker(
  loaded: LoadedTargets,
  { installation, home, clientOptionsFor, clock, domainTurnsIn, runs = 1 }: TargetPorts,
): (config: TargetConfig, certificate: string) => Target {
  const makersIn = oncePerPlace((place) => {
    const options = clientOptionsFor(place);
    const pace = elbPace(clock, runs);
    const ports = { installation, home, options, clock, elbPace: pace, domainTurnsIn };
    return new Map([...loaded].map(([type, plugin]) => [type, plugin.inPlace(ports)]));
  });
  return (config, certificate) => {
    const identity = identityOf(config, home, certificate);
    const maker = makersIn(networkOf(identity.place)).get(config.type);
    if (!maker) throw new Error(`targets of type ${config.type} are not loaded`);
    return maker.target(config, identity, certificate);
  };
}
