import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { ElbPace } from './elb-pace.ts';
import type { TargetConfig } from './specs.ts';
import type { Target } from './target.ts';

/** Identifies a target in the record and in AWS; the configuration alone says it. */
export type TargetIdentity = {
  /** Key of the deployment in the record. */
  readonly key: string;
  readonly place: Place;
  /** The same for all certificates of one listener. */
  readonly listener: string;
  /** Says whether the position holds one certificate only: a second one would push it out. */
  readonly isExclusive: boolean;
  /** The name in ACM's InUseBy. */
  readonly resourceArn: string;
};

/** The facts of a kind that every function may ask for, without its SDK and without zod: `facts.ts` of its folder. */
export type TargetFacts<Config = TargetConfig> = {
  identify(config: Config, home: Place): TargetIdentity;
};

/** The targets of one place share these. */
export type PlacePorts = {
  readonly options: ClientOptions;
  readonly clock: Clock;
  /** Elastic Load Balancing meters all kinds of load balancers of a place together. */
  readonly elbPace: ElbPace;
};

type TargetMaker<Config = TargetConfig> = {
  target(config: Config, identity: TargetIdentity): Target;
};

/** A kind of target, as the function loads it from `plugin.ts` of its folder. */
export type TargetPlugin<Config = TargetConfig> = {
  /** Creates targets of one place, which share clients. */
  inPlace(ports: PlacePorts): TargetMaker<Config>;
};
