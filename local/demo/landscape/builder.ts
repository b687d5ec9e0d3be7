import type { CertificateAuthority } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type Place, placeKey } from '#shared/place.ts';
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
  /** Listeners of the configuration that somebody created in the AWS console. */
  readonly consoleMade: ReadonlySet<string>;
};

export type AlbTarget = TargetConfig & { readonly type: 'alb' };
export type ClassicTarget = TargetConfig & { readonly type: 'clb' };

type Found = { readonly listener: string } | { readonly port: number; readonly account: string };

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

export function listenerKey(builder: Builder, target: TargetConfig): string {
  return target.type === 'alb' ? target.listener : `${classicKey(builder, target)} ${target.port}`;
}
