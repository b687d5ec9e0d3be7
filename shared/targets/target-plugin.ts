import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { DomainTurns } from './api-gateway/domain-turns.ts';
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
  /** The name in ACM's InUseBy; null where ACM does not know who uses it. */
  readonly resourceArn: string | null;
};

/** The facts of a kind that every function may ask for, without its SDK and without zod: `facts.ts` of its folder. */
export type TargetFacts<Config = TargetConfig> = {
  /** `certificate` is the id of the certificate that it gets. */
  identify(config: Config, home: Place, certificate: string): TargetIdentity;
  /** The values of its own placeholders in permissions, besides the fields of its configuration. */
  permissionValues?(config: Config, home: Place): Readonly<Record<string, readonly string[]>>;
  /** Set where its service takes so few changes that they wait for their turn. */
  readonly takesTurns?: true;
  /** Set where hosts fetch the certificate from the key store: ACM has no part in it. */
  readonly isFetched?: true;
};

/** The targets of one place share these. */
export type PlacePorts = {
  readonly installation: string;
  readonly home: Place;
  readonly options: ClientOptions;
  readonly clock: Clock;
  /** Elastic Load Balancing meters all kinds of load balancers of a place together. */
  readonly elbPace: ElbPace;
  /** The turns of changes in an account and region; absent for those who only look. */
  readonly domainTurnsIn?: ((place: Place) => DomainTurns) | undefined;
};

type TargetMaker<Config = TargetConfig> = {
  /** `certificate` is the id of the certificate that it gets. */
  target(config: Config, identity: TargetIdentity, certificate: string): Target;
};

/** A kind of target, as the function loads it from `plugin.ts` of its folder. */
export type TargetPlugin<Config = TargetConfig> = {
  /** Creates targets of one place, which share clients. */
  inPlace(ports: PlacePorts): TargetMaker<Config>;
};
