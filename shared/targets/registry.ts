import type { ClientOptions } from '#shared/aws/clients.ts';
import { oncePerPlace, type Place } from '#shared/place.ts';
import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import { elbPace } from './elb-pace.ts';
import { identityOf } from './identities.ts';
import type { TargetConfig } from './specs.ts';
import type { Target } from './target.ts';
import type { TargetPlugin } from './target-plugin.ts';

type TargetType = TargetConfig['type'];

/** One line per kind: the module that the function loads, with its SDK. */
const plugins: PluginLoaders<TargetType, TargetPlugin> = {
  alb: () => import('./alb/plugin.ts'),
  clb: () => import('./clb/plugin.ts'),
};

export type TargetPorts = {
  readonly home: Place;
  readonly clientOptionsFor: (place: Place) => ClientOptions;
  readonly clock: Clock;
  /** The runs of this function that work in one place at once; one unless given. */
  readonly runs?: number;
};

type LoadedTargets = ReadonlyMap<TargetType, TargetPlugin>;

export function loadTargets(types: readonly TargetType[]): Promise<LoadedTargets> {
  return loadPlugins(plugins, types);
}

/** Creates targets that share their clients within a place, so that they combine their looks and send calls in turn. */
export function targetMaker(
  loaded: LoadedTargets,
  { home, clientOptionsFor, clock, runs = 1 }: TargetPorts,
): (config: TargetConfig) => Target {
  const makersIn = oncePerPlace((place) => {
    const ports = { options: clientOptionsFor(place), clock, elbPace: elbPace(clock, runs) };
    return new Map([...loaded].map(([type, plugin]) => [type, plugin.inPlace(ports)]));
  });
  return (config) => {
    const identity = identityOf(config, home);
    const maker = makersIn(identity.place).get(config.type);
    if (!maker) throw new Error(`targets of type ${config.type} are not loaded`);
    return maker.target(config, identity);
  };
}
