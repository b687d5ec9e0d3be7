import type { CertificateAuthority } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type Place, placeKey } from '#shared/place.ts';
import { hasList, type ListenerTarget } from '#shared/targets/elbv2/facts.ts';
import { placeOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Clock } from '#shared/time/clock.ts';

export type Builder = {
  readonly cloud: Cloud;
  readonly config: Config;
  readonly others: CertificateAuthority;
  readonly clock: Clock;
  readonly onStep: (step: string) => void;
  /** Maps listeners of the configuration to the local ones. */
  readonly listeners: Map<string, Found>;
  readonly balancers: Map<string, Promise<string>>;
  /** The work of each managed node on a command, by the secret that it names. */
  readonly nodes: Map<string, Map<string, (version: string | undefined) => Promise<void>>>;
  /** Where servers may keep files and processes; null where all is in memory. */
  readonly machine: Machine | null;
  /** Those that some distribution has. */
  readonly aliases: Set<string>;
  /** Listeners of the configuration that somebody created in the AWS console. */
  readonly consoleMade: ReadonlySet<string>;
};

export type Machine = {
  readonly directory: string;
  /** To be called at the end. */
  defer(close: () => void): void;
};

export type ClassicTarget = TargetConfig & { readonly type: 'clb' };
export type AcmTarget = TargetConfig & { readonly type: 'acm' };
export type DistributionTarget = TargetConfig & { readonly type: 'cloudfront' };
export type FilesTarget = TargetConfig & { readonly type: 'files' };
export type DomainTarget = TargetConfig & { readonly type: 'api-gateway' };

type Found =
  | { readonly listener: string }
  | { readonly port: number; readonly account: string }
  | { readonly distribution: string; readonly account: string }
  | { readonly account: string }
  | { readonly probe: string | undefined; readonly account?: string };

/** The place of a target here: a target at home is in the local home account. */
export function localPlace({ config }: Builder, target: TargetConfig): Place {
  return inLocalAccount(placeOf(target, config.home), config);
}

export function inLocalAccount({ account, region }: Place, { home }: Config): Place {
  return { account: account === home.account ? homeAccount : account, region };
}

export function classicKey(builder: Builder, target: ClassicTarget): string {
  return `${placeKey(localPlace(builder, target))} ${target.loadBalancer}`;
}

/** `certificate` is the id of the certificate whose ARN is published. */
export function acmKey(builder: Builder, target: AcmTarget, certificate: string): string {
  return `acm ${placeKey(localPlace(builder, target))} ${certificate}`;
}

export function distributionKey(builder: Builder, target: DistributionTarget): string {
  return `cloudfront ${localPlace(builder, target).account} ${target.distribution}`;
}

export function domainKey(builder: Builder, target: DomainTarget): string {
  return `${placeKey(domainPlace(builder, target))} ${target.domain}`;
}

/** `certificate` is the id of the certificate that the host serves: here, each has a port of its own. */
export function filesKey(builder: Builder, target: FilesTarget, certificate: string): string {
  return `files ${placeKey(localPlace(builder, target))} ${target.probe} ${certificate}`;
}

/** Where a domain name is: the certificate of an edge-optimized one is in another region. */
export function domainPlace(builder: Builder, target: DomainTarget): Place {
  const { account } = localPlace(builder, target);
  return { account, region: target.region ?? builder.config.home.region };
}

export function listenerKey(builder: Builder, target: ListenerTarget | ClassicTarget): string {
  return hasList(target) ? target.listener : `${classicKey(builder, target)} ${target.port}`;
}
