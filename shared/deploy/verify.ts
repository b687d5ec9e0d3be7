import { addMs, type Clock } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { type Invocation, patienceUntil } from '#shared/invocation.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox } from '#shared/ledger/outbox.ts';
import { type CertificateRecord, desiredVersion, type Version } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import { placeKey } from '#shared/place.ts';
import type { EventBus, WorkQueues } from '#shared/work.ts';
import { askEndpoint } from './ask.ts';
import { decideDeploy } from './decide-deploy.ts';
import { judge, type Verdict } from './judge.ts';
import type { Probe } from './probe.ts';
import type { Endpoint, Target, TargetView } from './targets/target.ts';
import { previousSerialOf, withVerdicts } from './verdicts.ts';
import { verifyDue } from './verify-due.ts';

export type VerifySettings = {
  /** How long load balancer nodes may disagree after a change. */
  readonly spreadMs: number;
  /** Between two questions of one run. */
  readonly pollMs: number;
  /** How long a target that was proven has to disagree before it is believed. */
  readonly patienceMs: number;
  /** When to look again at what was still spreading as the run ended. */
  readonly resumeMs: number;
  /** How often a proven target is asked again. */
  readonly reprobeMs: number;
};

export type VerifyPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly targetsOf: (
    certificate: CertificateConfig,
  ) => readonly Pick<Target, 'key' | 'place' | 'look'>[];
  readonly probe: Probe;
  readonly queues: WorkQueues;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: VerifySettings;
  readonly retryDelaysMs: readonly number[];
};

/** What a question to one target's endpoint came to. */
export type Finding = {
  readonly key: string;
  /** For people: `shop-alb:443`. */
  readonly name: string;
  readonly endpoint: Endpoint | null;
  readonly verdict: Verdict;
};

export type VerifyOutcome =
  | { readonly outcome: 'nothing-to-do' }
  | { readonly outcome: 'verified'; readonly findings: readonly Finding[] };

/**
 * Asks the endpoints of one certificate themselves whether they serve the desired version, and writes
 * what they prove. Changes nothing but the ledger: what is contradicted is deploy's to put back.
 */
export async function verify(
  ports: VerifyPorts,
  id: string,
  invocation: Invocation,
): Promise<VerifyOutcome> {
  const certificate = ports.config.certificates.find((candidate) => candidate.id === id);
  if (!certificate) throw new CertkeepError('CertificateUnknown', `${id} is not configured`);
  const targets = ports.targetsOf(certificate);
  const record = await ports.ledger.read(id);
  const version = record && desiredVersion(record);
  const due = record ? verifyDue(record, targets, ports.clock.now()) : [];
  if (!version || due.length === 0) return { outcome: 'nothing-to-do' };

  const asked = targets.filter(({ key }) => due.includes(key));
  const findings = await askUntilSettled({ ...ports, version }, asked, record, {
    startedAt: ports.clock.now(),
    waitUntil: patienceUntil(invocation, ports.clock),
  });
  const jitter = Math.random();
  const now = ports.clock.now();
  const after = await ports.ledger.update(id, (current) =>
    withVerdicts(current, { ...ports, seen: record, version, findings, targets, now, jitter }),
  );
  for (const finding of findings) logFinding(ports.log, id, version, finding);
  await askForDeploy(ports, after, version, targets);
  await flushOutbox(ports, id);
  return { outcome: 'verified', findings };
}

type Asking = Pick<VerifyPorts, 'probe' | 'clock' | 'settings'> & { readonly version: Version };
type Bounds = { readonly startedAt: Date; readonly waitUntil: Date };
type Asked = Pick<Target, 'key' | 'look'>;

/** Asks again what is still spreading, or silent but may not stay so, until it settles or the run must end. */
async function askUntilSettled(
  asking: Asking,
  targets: readonly Asked[],
  record: CertificateRecord,
  bounds: Bounds,
): Promise<readonly Finding[]> {
  const { clock, settings } = asking;
  const settled = new Map<string, Finding>();
  for (;;) {
    const open = targets.filter(({ key }) => !isSettled(settled.get(key)));
    const found = await Promise.all(open.map((target) => ask(asking, target, record, bounds)));
    for (const finding of found) settled.set(finding.key, finding);
    const isDone = found.every(isSettled);
    if (isDone || addMs(clock.now(), settings.pollMs) >= bounds.waitUntil) break;
    await clock.sleep(settings.pollMs, deadlineSignal());
  }
  return [...settled.values()];
}

function isSettled(finding: Finding | undefined): boolean {
  return finding !== undefined && finding.verdict.outcome !== 'spreading';
}

async function ask(
  { probe, clock, settings, version }: Asking,
  target: Asked,
  record: CertificateRecord,
  { startedAt }: Bounds,
): Promise<Finding> {
  const { key } = target;
  const deployment = record.deployments[key];
  const changedAt = deployment ? new Date(deployment.changedAt) : startedAt;
  const settledAt = new Date(
    Math.max(
      addMs(changedAt, settings.spreadMs).getTime(),
      // A single bad answer is not believed against an earlier proof.
      deployment?.state === 'proven' ? addMs(startedAt, settings.patienceMs).getTime() : 0,
    ),
  );
  const view = await lookAt(target);
  if (typeof view === 'string') {
    const outcome = clock.now() < settledAt ? 'spreading' : 'unknown';
    return { key, name: key, endpoint: null, verdict: { outcome, serial: null, detail: view } };
  }
  const answers = await askEndpoint(probe, view.endpoint, version.names);
  const verdict = judge({
    answers,
    expected: version.serial,
    previous: deployment ? previousSerialOf(record, deployment) : null,
    workedBefore: Boolean(deployment?.baselineSerial ?? deployment?.provenAt),
    settledAt,
    now: clock.now(),
  });
  // Silence right after a change, or once after a proof, may pass.
  const mayPass = verdict.outcome === 'unknown' && clock.now() < settledAt;
  const outcome = mayPass ? 'spreading' : verdict.outcome;
  return { key, name: view.name, endpoint: view.endpoint, verdict: { ...verdict, outcome } };
}

/** What cannot be looked at cannot be asked: that is unknown, with the reason for people, and no proof of anything. */
async function lookAt(target: Asked): Promise<TargetView | string> {
  try {
    return await target.look();
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    return errorMessage(error);
  }
}

/** A contradiction is put back, and what a proven version has replaced is cleaned up, by deploy. */
async function askForDeploy(
  ports: VerifyPorts,
  record: CertificateRecord,
  version: Version,
  targets: readonly Pick<Target, 'key' | 'place'>[],
): Promise<void> {
  const places = new Set(targets.map(({ place }) => placeKey(place)));
  for (const place of places) {
    const decision = decideDeploy({ record, targets, place, now: ports.clock.now() });
    if (decision.outcome !== 'due') continue;
    await ports.queues.send({ kind: 'deploy', certificate: record.id, place }, version.id);
  }
}

function logFinding(log: Log, certificate: string, version: Version, finding: Finding): void {
  log.info('endpoint asked', {
    stage: 'verify',
    certificate,
    outcome: finding.verdict.outcome,
    reason: finding.verdict.detail,
    target: finding.name,
    serial: finding.verdict.serial,
    expected: version.serial,
  });
}
