import { decideAcquire } from '#shared/acquire/decide.ts';
import { renewalDue } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import {
  type CertificateRecord,
  desiredVersion,
  emptyRecord,
} from '#shared/ledger/record/record.ts';
import { storedRecord } from '#shared/ledger/stored-parts.ts';
import { placeKey } from '#shared/place.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { systemClock } from '#shared/time/clock.ts';
import { type AskedTarget, askTargets } from './ask-targets.ts';
import type { Setting } from './setting.ts';
import { type StageNow, stageNow } from './stage-now.ts';

export type TargetReport = AskedTarget & {
  /** Its account and region: `123456789012/us-east-1`. */
  readonly place: string;
  /** Whether it was asked; of others, only what ACM holds is known. */
  readonly asked: boolean;
  readonly served: boolean;
  /** What the ledger says of the version that is wanted. */
  readonly proven: boolean;
};

/** Serials are upper-case hex; null where there is none. */
export type CertificateReport = {
  readonly id: string;
  readonly reason: string;
  readonly issuer: string;
  readonly issued: boolean;
  readonly served: boolean;
  readonly oldSerial: string | null;
  readonly newSerial: string | null;
  readonly targets: readonly TargetReport[];
  /** The time from the first check until every endpoint was proven; null where nothing had to be done. */
  readonly seconds: number | null;
  /** The last failure, while nothing better has come of it. */
  readonly failure: StageNow['failure'];
};

/** The state that certkeep finds at the beginning. */
export type Before = {
  readonly id: string;
  readonly reason: string;
  readonly serial: string | null;
};

export function recordOf(setting: Setting, id: string): CertificateRecord {
  const { cloud, names } = setting;
  const bodyOf = (key: string) => cloud.s3.bytesOf(names.bucket, key);
  return storedRecord(bodyOf, id) ?? emptyRecord(id, systemClock.now());
}

export function lookBefore(setting: Setting): readonly Before[] {
  return setting.config.certificates.map((certificate) => {
    const { id } = certificate;
    const record = recordOf(setting, id);
    const version = desiredVersion(record);
    const { issuers } = setting.config;
    const decision = decideAcquire({ certificate, issuers, record, now: systemClock.now() });
    const due = version && renewalDue(version, certificate, null).toISOString().slice(0, 10);
    const reason = decision.action === 'begin' ? decision.reason.text : `healthy until ${due}`;
    return { id, reason, serial: version?.serial ?? null };
  });
}

/** Says whether the ledger needs nothing more. */
export function isSettled(setting: Setting, certificate: CertificateConfig): boolean {
  const record = recordOf(setting, certificate.id);
  const deployments = Object.values(record.deployments);
  return (
    record.desired !== null &&
    record.attempt === null &&
    record.outbox.length === 0 &&
    deployments.length === certificate.targets.length &&
    deployments.every(
      ({ state, versionId }) => state === 'proven' && versionId === record.desired,
    ) &&
    setting.config.replicas.every((region) => record.replicas[region]?.versionId === record.desired)
  );
}

/** Asks every endpoint itself, independently of certkeep's record. */
export async function report(
  setting: Setting,
  before: readonly Before[],
  startedAt: Date,
): Promise<readonly CertificateReport[]> {
  return Promise.all(
    setting.config.certificates.map(async (certificate) => {
      const known = before.find(({ id }) => id === certificate.id);
      const record = recordOf(setting, certificate.id);
      const version = desiredVersion(record);
      const serial = version?.serial ?? null;
      const place = { cloud: setting.cloud, clock: systemClock, config: setting.config };
      const answers = await askTargets(place, certificate);
      const identities = identitiesOf(certificate, setting.config.home);
      const targets = answers.map((answer, at) => ({
        ...answer,
        ...ledgerSays(record, identities[at]),
        asked: answer.port !== null,
        served: serial !== null && answer.serial === serial,
      }));
      return {
        id: certificate.id,
        reason: known?.reason ?? '',
        issuer: version?.issuer ?? certificate.issuers[0] ?? '',
        issued: serial !== null && serial !== known?.serial,
        served: serial !== null && targets.every(({ served }) => served),
        oldSerial: known?.serial ?? null,
        newSerial: serial,
        targets,
        seconds: secondsUntilServed(setting, certificate.id, startedAt),
        failure: stageNow(record, certificate, setting.config).failure,
      };
    }),
  );
}

function ledgerSays(
  { deployments, desired }: CertificateRecord,
  target: TargetIdentity | undefined,
): Pick<TargetReport, 'place' | 'proven'> {
  const known = target && deployments[target.key];
  const proven = known?.state === 'proven' && known.versionId === desired;
  return { place: target ? placeKey(target.place) : '', proven };
}

type ServedEvent = { readonly certificate: string; readonly at: string };

function secondsUntilServed({ cloud }: Setting, id: string, startedAt: Date): number | null {
  const told = cloud.events.events
    .filter((event) => event['detail-type'] === 'served')
    .flatMap(({ detail }) => (detail as { events?: readonly ServedEvent[] }).events ?? []);
  const at = told.find(({ certificate }) => certificate === id)?.at;
  return at ? (Date.parse(at) - startedAt.getTime()) / 1_000 : null;
}
