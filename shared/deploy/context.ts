import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import type { Target, TargetView } from '#shared/targets/target.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { CertificateManager } from './import/acm.ts';
import type { Probe } from './probe/probe.ts';
import type { ArnPublisher } from './publish/arn-publisher.ts';
import type { Slice } from './slice.ts';

/** The data that all steps for one certificate in one place share, whether it is deployed there or taken out. */
export type PlaceContext = {
  /** The id that marks our resources. */
  readonly installation: string;
  readonly certificate: Pick<CertificateConfig, 'id'>;
  /** A place key. */
  readonly place: string;
  readonly acm: CertificateManager;
  readonly publisher: ArnPublisher;
  /** The certificate's record, while the run holds the lease. */
  readonly mine: LeasedRecord;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

/** The further data that the steps of one deploy share. */
export type DeployContext = PlaceContext & {
  readonly certificate: CertificateConfig;
  readonly config: Pick<Config, 'certificates'>;
  /** The desired version at the start of the run; the next run takes a newer one. */
  readonly version: Version;
  /** The certificate's targets in this place. */
  readonly targets: readonly Target[];
  /** ARNs of the load balancers of those targets, as ACM's InUseBy names them. */
  readonly ownResources: readonly string[];
  readonly keyStore: Pick<KeyStore, 'handleOf' | 'readVersion' | 'versions'>;
  readonly probe: Probe;
  /** The times at which the run stops taking work. */
  readonly slice: Slice;
};

/** A target and its state when the run looked. */
export type Look = { readonly target: Target; readonly view: TargetView };
