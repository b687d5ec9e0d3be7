import { addMs, type Clock, dayMs, minuteMs } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { placesOf } from '#shared/deploy/places.ts';
import { identitiesOf } from '#shared/deploy/resources.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { replicaIsBehind } from '#shared/finish/sync.ts';
import type { Invocation } from '#shared/invocation.ts';
import { withHistory } from '#shared/ledger/history.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox, withEvent } from '#shared/ledger/outbox.ts';
import { type CertificateRecord, desiredVersion, emptyRecord } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import type { EventBus, WorkQueues } from '#shared/work.ts';
import { configurationOf } from './attempt.ts';
import { decideAcquire } from './decide.ts';
import { expiringEvent, issuedEvent } from './events.ts';
import { renewalDue } from './rules.ts';

export type CheckPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly queues: WorkQueues;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
};

/** The schedule asks for everything; a person names certificates and why they are to be issued again. */
export type CheckRequest =
  | { readonly certificates?: undefined }
  | { readonly certificates: readonly string[]; readonly force: true; readonly reason: string };

export type CheckLine = {
  readonly certificate: string;
  readonly action: 'issue' | 'deploy' | 'wait' | 'clean-up' | 'none' | 'error';
  readonly reason: string;
};

/** Records looked at side by side: S3 answers in tens of milliseconds. */
const concurrency = 32;

/**
 * Looks at every certificate's record and sends the work that is due. Believes nothing but the ledger,
 * so any number of runs side by side do no harm: whoever takes the work decides again under its lease.
 * @throws CertkeepError CertificateUnknown; AggregateError of what went wrong, after looking at all
 */
export async function check(
  ports: CheckPorts,
  request: CheckRequest,
  invocation: Pick<Invocation, 'id'>,
): Promise<readonly CheckLine[]> {
  const wanted = wantedCertificates(ports.config, request);
  const force = request.certificates ? { reason: request.reason, runId: invocation.id } : null;
  const lines: CheckLine[] = [];
  const failures: unknown[] = [];
  const queue = wanted.values();
  await Promise.all(Array.from({ length: concurrency }, work));
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} certificates could not be checked`);
  }
  return lines;

  async function work() {
    for (const certificate of queue) {
      try {
        lines.push(await checkOne(ports, certificate, force));
      } catch (error) {
        failures.push(error);
        ports.log.error('certificate not checked', {
          stage: 'check',
          certificate: certificate.id,
          outcome: errorName(error),
          reason: errorMessage(error),
        });
      }
    }
  }
}

function wantedCertificates(config: Config, request: CheckRequest): readonly CertificateConfig[] {
  if (!request.certificates) return config.certificates;
  const { certificates } = request;
  const known = config.certificates.filter(({ id }) => certificates.includes(id));
  const unknown = certificates.filter((id) => !known.some((certificate) => certificate.id === id));
  if (unknown.length === 0) return known;
  throw new CertkeepError(
    'CertificateUnknown',
    `${unknown.join(', ')} is not in the configuration`,
  );
}

async function checkOne(
  ports: CheckPorts,
  certificate: CertificateConfig,
  force: Force | null,
): Promise<CheckLine> {
  const { clock, ledger, log } = ports;
  const { id } = certificate;
  const record = force
    ? await ledger.update(id, (current) => forced(current, force, clock.now()))
    : ((await ledger.read(id)) ?? emptyRecord(id, clock.now()));
  // A queue that takes nothing must not keep people from being told, nor the other way round.
  const [sent, told] = await Promise.allSettled([
    sendDue(ports, certificate, record),
    tell(ports, certificate, record),
  ]);
  if (sent.status === 'rejected' && told.status === 'rejected') {
    const both = [sent.reason, told.reason];
    throw new AggregateError(both, both.map(errorMessage).join('; '));
  }
  if (told.status === 'rejected') throw told.reason;
  if (sent.status === 'rejected') throw sent.reason;
  const line = sent.value;
  if (line.action !== 'none') {
    log.info('checked', {
      stage: 'check',
      certificate: id,
      outcome: line.action,
      reason: line.reason,
    });
  }
  return line;
}

type Force = { readonly reason: string; readonly runId: string };

/** Lambda repeats a failed asynchronous run under its id: what was forced by it then is done already. */
function forced(record: CertificateRecord, { reason, runId }: Force, now: Date): CertificateRecord {
  const at = now.toISOString();
  const what = `forced by run ${runId}`;
  if (record.history.some((entry) => entry.what === what)) return record;
  return withHistory(
    { ...record, forced: { at, reason } },
    { at, stage: 'check', what, why: reason },
  );
}

async function sendDue(
  ports: CheckPorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<CheckLine> {
  const now = ports.clock.now();
  const deploys = await sendDeploys(ports, certificate, record);
  const configuration = configurationOf(ports.config, certificate);
  const decision = decideAcquire({ certificate, record, configuration, now });
  const line = (action: CheckLine['action'], reason: string): CheckLine => ({
    certificate: certificate.id,
    action,
    reason,
  });
  switch (decision.action) {
    case 'begin':
      await sendIssue(ports, record);
      return line('issue', decision.reason.text);
    case 'resume':
      await sendIssue(ports, record);
      return line('issue', `resuming: ${decision.attempt.reason}`);
    case 'clean-up':
      await sendIssue(ports, record);
      return line('clean-up', 'something of an earlier attempt is left');
    case 'wait':
      return line('wait', `until ${decision.until.toISOString()}`);
    case 'none':
      return deploys ?? line('none', dueText(record, certificate));
  }
}

/** While a run holds the lease it does the work already; a dead run's lease ends by itself. */
function isBusy(record: CertificateRecord, lease: string, now: Date): boolean {
  const held = record.leases[lease];
  return held !== undefined && new Date(held.until) > now;
}

async function sendIssue({ clock, queues }: CheckPorts, record: CertificateRecord): Promise<void> {
  if (isBusy(record, 'acquire', clock.now())) return;
  await queues.send({ kind: 'issue', certificate: record.id }, record.attempt?.id ?? 'new');
}

async function sendDeploys(
  { clock, config, queues }: CheckPorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<CheckLine | null> {
  const targets = identitiesOf(certificate.targets, config.home);
  let line: CheckLine | null = null;
  for (const place of placesOf(certificate, config.home)) {
    const decision = decideDeploy({ record, targets, place, now: clock.now() });
    if (decision.outcome !== 'due' || isBusy(record, `deploy:${place}`, clock.now())) continue;
    await queues.send({ kind: 'deploy', certificate: record.id, place }, record.desired ?? '');
    line = { certificate: record.id, action: 'deploy', reason: decision.reason };
  }
  return line;
}

function dueText(record: CertificateRecord, certificate: CertificateConfig): string {
  const version = desiredVersion(record);
  if (!version) return 'nothing to do';
  return `renewal is due on ${renewalDue(version, certificate).toISOString().slice(0, 10)}`;
}

/** Until then sync is at work, started by the issued event itself. */
const syncTakesMs = 10 * minuteMs;

/** What people and replicas do not know yet: a threshold crossed, events not sent, a copy left behind. */
async function tell(
  { bus, clock, config, ledger }: CheckPorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<void> {
  const version = desiredVersion(record);
  if (!version) return flushed(record);
  const crossed = crossedThreshold(record, certificate, config.alerts.expiringDays, clock.now());
  const told = crossed
    ? await ledger.update(record.id, (current) => withExpiryTold(current, crossed, clock.now()))
    : record;
  await flushed(told);
  const isOld = addMs(new Date(version.issuedAt), syncTakesMs) < clock.now();
  if (isOld && config.replicas.some((region) => replicaIsBehind(record, region))) {
    await bus.publish([issuedEvent(record.id, version, null)]);
  }

  async function flushed(current: CertificateRecord): Promise<void> {
    if (current.outbox.length > 0) await flushOutbox({ ledger, bus }, current.id);
  }
}

type Crossing = { readonly versionId: string; readonly days: number };

/**
 * The lowest threshold (days before the end) that was crossed and not told, the end itself included.
 * Crossing counts, not being exactly there: a day without a run loses nothing.
 */
export function crossedThreshold(
  record: CertificateRecord,
  certificate: Pick<CertificateConfig, 'renewBeforeDays'>,
  thresholds: readonly number[],
  now: Date,
): Crossing | null {
  const version = desiredVersion(record);
  if (!version || now < renewalDue(version, certificate)) return null;
  const left = daysLeft(version, now);
  const dueDays = daysLeft(version, renewalDue(version, certificate));
  // What has passed when a renewal falls due says nothing of that renewal; the end itself always does.
  const crossed = [...thresholds.filter((days) => days < dueDays), 0].filter(
    (days) => left <= days,
  );
  if (crossed.length === 0) return null;
  const days = Math.min(...crossed);
  const { expiryTold } = record;
  if (expiryTold?.versionId === version.id && expiryTold.days <= days) return null;
  return { versionId: version.id, days };
}

function withExpiryTold(
  record: CertificateRecord,
  crossed: Crossing,
  now: Date,
): CertificateRecord {
  const version = desiredVersion(record);
  if (version?.id !== crossed.versionId) return record;
  return withEvent(
    { ...record, expiryTold: crossed },
    expiringEvent(record.id, version, crossed.days, daysLeft(version, now), now),
  );
}

function daysLeft(version: { readonly notAfter: string }, now: Date): number {
  return (Date.parse(version.notAfter) - now.getTime()) / dayMs;
}
