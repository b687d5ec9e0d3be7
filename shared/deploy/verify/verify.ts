import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { isHeld } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import { flushOutbox } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { type Place, placeKey } from '#shared/place.ts';
import { handOver, sendIfPossible } from '#shared/queues/hand-over.ts';
import type { FunctionStarter, WorkQueues } from '#shared/queues/work.ts';
import type { Target } from '#shared/targets/target.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type Invocation, patienceUntil } from '#shared/time/invocation.ts';
import { decideDeploy } from '../decide-deploy.ts';
import type { Probe } from '../probe/probe.ts';
import { sliceOf } from '../slice.ts';
import type { Observation } from './look/observation.ts';
import { neighboursAt } from './neighbours.ts';
import { askUntilSettled } from './observations.ts';
import type { RunProofs } from './run-proofs.ts';
import type { VerifySettings } from './settings.ts';
import { laterProofsOf, withVerdicts } from './verdicts.ts';
import { verifyDue } from './verify-due.ts';

export type VerifyPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly targetsOf: (
    certificate: CertificateConfig,
  ) => readonly Pick<Target, 'key' | 'place' | 'position' | 'look' | 'spread' | 'fetched'>[];
  /** Asks endpoints of a place, from wherever they can be asked. */
  readonly probeIn: (place: Place) => Probe;
  readonly proofs: Pick<RunProofs, 'add' | 'known'>;
  readonly queues: WorkQueues;
  readonly functions: FunctionStarter;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: VerifySettings;
  readonly retryDelaysMs: readonly number[];
};

export type VerifyOutcome =
  | { readonly outcome: 'nothing-to-do' }
  /** `goes-on`: the run ended by its own clock, and its message starts the next run at once. */
  | { readonly outcome: 'verified' | 'goes-on'; readonly observations: readonly Observation[] };

/**
 * Asks the endpoints of one certificate themselves whether they serve the version that they have, and writes what they prove, unless
 * the record says so already. It changes only the ledger: deploy puts contradicted targets back.
 */
export async function verify(
  ports: VerifyPorts,
  id: string,
  invocation: Invocation,
): Promise<VerifyOutcome> {
  const certificate = ports.config.certificates.find((candidate) => candidate.id === id);
  // The certificate left the configuration while the message was under way.
  if (!certificate) return { outcome: 'nothing-to-do' };
  const targets = ports.targetsOf(certificate);
  const record = await ports.ledger.read(id);
  const known = record && (await ports.proofs.known(record));
  const due = known ? verifyDue(known, targets, ports.clock.now()) : [];
  if (!known || due.length === 0) return { outcome: 'nothing-to-do' };

  const asked = targets.filter(({ key }) => due.includes(key));
  const observations: Observation[] = [];
  let after: CertificateRecord = record;
  /** Places in which this run has requested a rollback. */
  const askedFor = new Set<string>();
  const deploysAfter = () => deploysDue(after, certificate, targets, ports.clock.now());
  function putBacks() {
    const urgent = deploysAfter().filter(({ isUrgent }) => isUrgent);
    for (const { work } of urgent) askedFor.add(work.place);
    return urgent;
  }
  const asking = {
    ...ports,
    record: known,
    neighbours: await neighboursAt(ports, certificate),
    slice: sliceOf(invocation, ports.clock),
    waitUntil: patienceUntil(invocation, ports.clock),
  };
  const write = async (version: Version, found: readonly Observation[]) => {
    const jitter = Math.random();
    const now = ports.clock.now();
    const judging = { ...ports, seen: record, version, targets, now, jitter };
    const repeated = laterProofsOf({ ...judging, observations: found });
    ports.proofs.add(record, targets, repeated);
    const news = found.filter(({ key }) => !repeated.some((proof) => proof.key === key));
    if (news.length > 0) {
      const verdicts = { ...judging, observations: news };
      after = await ports.ledger.update(id, (current) => withVerdicts(current, verdicts));
    }
    for (const observation of found) logObservation(ports.log, id, version, observation);
    observations.push(...found);
    // The other targets of the run may take minutes yet.
    const isContradicted = found.some(({ verdict }) => verdict.outcome === 'contradicted');
    if (isContradicted) await handOver(ports, putBacks(), version.id);
  };
  let isCut = false;
  for (const [version, their] of byVersion(known, asked)) {
    isCut ||= await askUntilSettled({ ...asking, version }, their, (found) =>
      write(version, found),
    );
  }
  const why = record.desired ?? id;
  await handOver(
    ports,
    deploysAfter().filter(({ work }) => !askedFor.has(work.place)),
    why,
  );
  if (isCut) await goOn(ports, id, `${why}: ${observations.length} of ${due.length} asked`);
  await flushOutbox(ports, id);
  return { outcome: isCut ? 'goes-on' : 'verified', observations };
}

/** Places that wait for their turn have an earlier version than others; the newest one is asked for first. */
function byVersion<T extends { readonly key: string }>(
  { deployments, versions }: CertificateRecord,
  targets: readonly T[],
): readonly (readonly [Version, readonly T[]])[] {
  return versions.toReversed().flatMap((version) => {
    const their = targets.filter(({ key }) => deployments[key]?.versionId === version.id);
    return their.length > 0 ? [[version, their] as const] : [];
  });
}

/** There are too many targets for one run: the rest is asked at once. */
function goOn(ports: VerifyPorts, id: string, why: string): Promise<void> {
  return sendIfPossible(ports, { kind: 'verify', certificate: id }, why);
}

/**
 * Requests deploys: a contradiction is put back at once, and the certificate that a proven version replaced is cleaned up
 * in its turn.
 */
function deploysDue(
  record: CertificateRecord,
  certificate: Pick<CertificateConfig, 'rollout'>,
  targets: readonly Pick<Target, 'key' | 'place'>[],
  now: Date,
) {
  const { rollout = null } = certificate;
  const places = [...new Set(targets.map(({ place }) => placeKey(place)))];
  return places.flatMap((place) => {
    const decision = decideDeploy({ record, targets, rollout, place, now });
    if (decision.outcome !== 'due') return [];
    const isUrgent = decision.rollBack.length > 0;
    // A running deploy continues by itself; a rollback does not wait until that run sees it.
    if (!isUrgent && isHeld(record.leases[`deploy:${place}`], now)) return [];
    return [{ work: { kind: 'deploy' as const, certificate: record.id, place }, isUrgent }];
  });
}

function logObservation(
  log: Log,
  certificate: string,
  version: Version,
  observation: Observation,
): void {
  log.info('endpoint asked', {
    stage: 'verify',
    certificate,
    outcome: observation.verdict.outcome,
    reason: observation.verdict.detail,
    target: observation.name,
    serial: observation.verdict.serial,
    expected: version.serial,
  });
}
