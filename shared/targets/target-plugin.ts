import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { ElbPace } from './elb-pace.ts';
import type { TargetConfig } from './specs.ts';
import type { Target } from './target.ts';

/** Where a target stands in the record and in AWS; known from the configuration alone. */
export type TargetIdentity = {
  /** Key of the deployment in the record. */
  readonly key: string;
  readonly place: Place;
  /** The same for all certificates of one listener. */
  readonly listener: string;
  /** Whether that holds one certificate in the position that this one takes: a second would push it out. */
  readonly isExclusive: boolean;
  /** As ACM's InUseBy names it. */
  readonly resourceArn: string;
};

/** What every function may ask of a kind of target, without its SDK and without zod: `facts.ts` of its folder. */
export type TargetFacts<Config = TargetConfig> = {
  identify(config: Config, home: Place): TargetIdentity;
};

/** What the targets of one place share. */
export type PlacePorts = {
  readonly options: ClientOptions;
  readonly clock: Clock;
  /** Elastic Load Balancing meters all kinds of load balancers of a place together. */
  readonly elbPace: ElbPace;
};

type TargetMaker<Config = TargetConfig> = {
  target(config: Config, identity: TargetIdentity): Target;
};

/** A kind of target as it is loaded where it is configured: `plugin.ts` of its folder. */
export type TargetPlugin<Config = TargetConfig> = {
  /** Makes targets of one place, which share clients. */
  inPlace(ports: PlacePorts): TargetMaker<Config>;
};
