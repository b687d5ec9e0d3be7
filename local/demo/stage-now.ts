import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { isTurn } from '#shared/ledger/backoff.ts';
import type { CertificateRecord, Failure } from '#shared/ledger/record/record.ts';
import { identitiesOf } from '#shared/targets/identities.ts';

/** The stages in the order of the path; `served` is its end. */
export const stagesNow = ['check', 'issue', 'deploy', 'verify', 'sync', 'served'] as const;

export type StageNow = {
  readonly stage: (typeof stagesNow)[number];
  /** The last failure, while nothing better has come of it. */
  readonly failure: Pick<Failure, 'error' | 'message'> | null;
};

/** Returns the stage that a certificate waits for. */
export function stageNow(
  record: CertificateRecord,
  certificate: Pick<CertificateConfig, 'id' | 'targets'>,
  { home, replicas }: Pick<Config, 'home' | 'replicas'>,
): StageNow {
  const { acquireFailure, attempt, desired } = record;
  if (attempt !== null || acquireFailure) {
    return { stage: 'issue', failure: acquireFailure };
  }
  if (desired === null) return { stage: 'check', failure: null };
  // The record also keeps targets that have left the configuration.
  const deployments = identitiesOf(certificate, home).flatMap(
    ({ key }) => record.deployments[key] ?? [],
  );
  // A target that waits for its turn has not failed.
  const failed = deployments.find(({ failure }) => failure && !isTurn(failure.error));
  const isBound = deployments.filter(
    ({ state, versionId }) =>
      versionId === desired && state !== 'failed' && state !== 'rolled-back',
  );
  if (isBound.length < certificate.targets.length) {
    return { stage: 'deploy', failure: failed?.failure ?? null };
  }
  const unproven = isBound.find(({ state }) => state !== 'proven');
  if (unproven) return { stage: 'verify', failure: unproven.failure ?? contradicted(unproven) };
  const behind = replicas.find((region) => record.replicas[region]?.versionId !== desired);
  return { stage: behind ? 'sync' : 'served', failure: null };
}

function contradicted({
  probe,
  state,
}: CertificateRecord['deployments'][string]): StageNow['failure'] {
  if (state !== 'contradicted') return null;
  return { error: 'EndpointContradicted', message: probe?.detail ?? 'it serves another one' };
}
