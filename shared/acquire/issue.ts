import { createHash } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { accountsOf } from '#shared/issuers/account-name.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { type LeasedRecord, withLease } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import { flushOutbox } from '#shared/ledger/outbox/outbox.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { lacksReplica } from '#shared/ledger/replica.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { isUrgent } from '#shared/ledger/urgent.ts';
import { handOver, sendIfPossible } from '#shared/queues/hand-over.ts';
import type { FunctionStarter, WorkQueues } from '#shared/queues/work.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import { type Invocation, leaseUntil, patienceUntil } from '#shared/time/invocation.ts';
import type { Acquisition } from './acquisition.ts';
import { type LookPorts, look } from './advice/look.ts';
import { proveFallback } from './advice/prove-fallback.ts';
import { noRecalls, type Recalls } from './advice/recalls.ts';
import { abandoned } from './attempt.ts';
import { removeTxt } from './challenges/clean-up.ts';
import { leftOver } from './challenges/values.ts';
import { configurationOf } from './configuration.ts';
import { asksCa, decideNext, type NextDecision } from './decide.ts';
import { reportOutcome } from './failure/choose-issuer.ts';
import { failAttempt } from './failure/fail.ts';
import { keepIfPossible } from './keep.ts';
import { lookAlone } from './look-alone.ts';
import { acquire } from './order/acquire.ts';
import { attemptFor, type BeginPorts } from './order/begin.ts';
import type { IssueOutcome } from './outcome.ts';
import { progressOf } from './progress.ts';
import { type RehearsalPorts, rehearse } from './rehearsal/rehearse.ts';
import { putOff } from './renewal/due-when-issued.ts';
import { adoptStored, mayBeOutdated } from './store/adopt.ts';
import { putRight } from './store/as-certified.ts';
import { chooseVersion } from './store/choose.ts';
import { refuseStaging } from './store/refuse-staging.ts';
import { revokeVersion } from './store/revoke.ts';
import type { StorePorts } from './store/store.ts';

export type IssuePorts = Omit<StorePorts, 'mine'> &
  Pick<LookPorts, 'revocations' | 'random'> &
  Pick<BeginPorts, 'issuerBook'> &
  Pick<Acquisition, 'budgetBook'> &
  Pick<RehearsalPorts, 'rehearsalAt'> &
  Pick<Acquisition, 'solvers' | 'dns' | 'keyStore' | 'log' | 'pollMs'> & {
    readonly config: Config;
    readonly recallBook: SharedObject<Recalls>;
    readonly ledger: Ledger;
    readonly issuerOf: (name: string) => Issuer;
    readonly queues: WorkQueues;
    readonly functions: FunctionStarter;
    readonly bus: EventBus;
    readonly clock: Clock;
    readonly retryDelaysMs: readonly number[];
  };

/** The ports of a run while it holds the lease. */
type LeasedPorts = Omit<IssuePorts, 'ledger'> & {
  readonly mine: LeasedRecord;
  readonly recalls: Recalls;
};

/**
 * Brings one certificate to a stored, desired version, resuming the work of an earlier run. It decides again under the
 * lease, so that any number of messages about the same certificate issue it once. Expected failures are written to the
 * ledger and are not thrown.
 */
export async function issue(
  ports: IssuePorts,
  id: string,
  invocation: Invocation,
): Promise<IssueOutcome> {
  const certificate = ports.config.certificates.find((candidate) => candidate.id === id);
  const recalls = await recallsOf(ports, id);
  if (certificate && (await lookAlone({ ...ports, recalls }, certificate))) return 'nothing-to-do';
  const lease = {
    id,
    name: 'acquire',
    holder: invocation.id,
    until: leaseUntil(invocation),
    clock: ports.clock,
    log: ports.log,
  };
  const run = await withLease(ports.ledger, lease, async (mine): Promise<Issued> => {
    if (certificate) return issueLeased({ ...ports, mine, recalls }, certificate, invocation);
    return forget({ ...ports, mine, recalls }, id, invocation);
  });
  // The holder of the lease reports its work; a report here, too, would be a second one.
  if (!run.held) return 'busy';
  const { hasChosen, outcome, wasUrgent } = run.value;
  const isNew = outcome === 'issued' || outcome === 'adopted' || hasChosen;
  await withLastWord(async () => {
    if (certificate && isNew) await handOverDeploys(ports, certificate, wasUrgent || hasChosen);
    const place = { log: ports.log, certificate: { id } };
    await keepIfPossible(place, 'what is left', () => goOn(ports, id, run.value));
    await flushOutbox(ports, id);
  });
  return outcome;
}

/** Without them each certificate is asked about in its own time. */
async function recallsOf({ log, recallBook }: IssuePorts, id: string): Promise<Recalls> {
  let recalls = noRecalls;
  await keepIfPossible({ log, certificate: { id } }, 'the recalls of CAs', async () => {
    recalls = await recallBook.read();
  });
  return recalls;
}

/** Starts the next run at once where this one had no time for everything, after the lease was returned. */
async function goOn(
  ports: IssuePorts,
  id: string,
  { outcome, begunAt, isCut }: Issued,
): Promise<void> {
  if (outcome !== 'goes-on' && !isCut) return;
  const record = await ports.ledger.read(id);
  if (!record) return;
  const reached = progressOf(record);
  const isLeft = leftOver(record).length > 0 && reached !== begunAt;
  if (outcome !== 'goes-on' && !isLeft) return;
  const why = createHash('sha256').update(reached).digest('hex').slice(0, 16);
  await sendIfPossible(ports, { kind: 'issue', certificate: id }, why);
}

/** The certificate left the configuration: nothing is issued, and an attempt's published values are removed. */
async function forget(ports: LeasedPorts, id: string, invocation: Invocation): Promise<Issued> {
  const end = endOf(ports, invocation);
  const record = await ports.mine.update(abandoned);
  await removeTxt({ ...ports, ...end, certificate: { id } }, () => true);
  const begunAt = progressOf(record);
  const isCut = end.isCut();
  return { outcome: 'nothing-to-do', wasUrgent: false, hasChosen: false, begunAt, isCut };
}

type Issued = {
  readonly outcome: IssueOutcome;
  /** True if clients refuse the earlier certificate, or a person has forced it. */
  readonly wasUrgent: boolean;
  /** True if another version of the key store was put into service, for which people do not wait. */
  readonly hasChosen: boolean;
  /** The progress at the start of the run. */
  readonly begunAt: string;
  /** True if it had no time to remove everything that must be removed. */
  readonly isCut: boolean;
};

type End = Pick<Acquisition, 'waitUntil' | 'onCut'> & { isCut(): boolean };

function endOf({ clock }: Pick<IssuePorts, 'clock'>, invocation: Invocation): End {
  let isCut = false;
  return {
    waitUntil: patienceUntil(invocation, clock),
    isCut: () => isCut,
    onCut() {
      isCut = true;
    },
  };
}

async function issueLeased(
  ports: LeasedPorts,
  certificate: CertificateConfig,
  invocation: Invocation,
): Promise<Issued> {
  const end = endOf(ports, invocation);
  const found = await decided(ports, certificate, end);
  const wasUrgent = isUrgent(found.record, ports.clock.now());
  const begunAt = progressOf(found.record);
  const outcome = await issueDecided(ports, certificate, found, end);
  return { outcome, wasUrgent, hasChosen: found.hasChosen, begunAt, isCut: end.isCut() };
}

/** The share of a run's patience for cleaning up after earlier attempts, before its own. */
const cleanUpShare = 0.5;

async function issueDecided(
  ports: LeasedPorts,
  certificate: CertificateConfig,
  { record, decision, configuration, hasChosen }: Awaited<ReturnType<typeof decided>>,
  { waitUntil, onCut }: End,
): Promise<IssueOutcome> {
  const { clock, ...shared } = ports;
  // The CA may still be reading the values of an attempt that only waits.
  const isOver = decision.action === 'begin' || decision.action === 'clean-up';
  const activeId = isOver ? null : record.attempt?.id;
  const patienceMs = waitUntil.getTime() - clock.now().getTime();
  const share = decision.action === 'begin' || decision.action === 'resume' ? cleanUpShare : 1;
  const cleansUntil = addMs(clock.now(), share * patienceMs);
  await removeTxt(
    { ...ports, certificate, waitUntil: cleansUntil, onCut },
    ({ attemptId, over }) => over === true || attemptId !== activeId,
  );
  const attempt = await attemptFor(ports, certificate, decision, configuration);
  if (!attempt) {
    if (lacksReplica(record, ports.config.replicas)) await replicate(ports, certificate);
    if (decision.action === 'rehearse') {
      // A rehearsal comes after a version that is to be served.
      if (hasChosen) return 'goes-on';
      const { rehearsed } = await rehearse({ ...ports, waitUntil, onCut }, certificate);
      return rehearsed?.doneAt === null ? 'goes-on' : 'nothing-to-do';
    }
    return decision.action === 'wait' ? 'waiting' : 'nothing-to-do';
  }
  try {
    refuseStaging(ports.config, attempt, record);
    const asks = mayBeOutdated(record, attempt, { certificate, now: clock.now() });
    if (asks && (await adoptStored(ports, certificate))) return 'adopted';
    const issuer = ports.issuerOf(attempt.issuer);
    const issuerConfig = ports.config.issuers[attempt.issuer] as IssuerConfig;
    const failures = decision.action === 'resume' ? (record.acquireFailure?.count ?? 0) : 0;
    const parties = { certificate, attemptId: attempt.id, issuer, issuerConfig };
    await acquire({ ...shared, ...parties, failures, clock, waitUntil, onCut }, attempt);
    await reportOutcome(ports, certificate, attempt, null);
    return 'issued';
  } catch (error) {
    return failAttempt(ports, certificate, attempt.id, error, progressOf(record));
  }
}

/** Sync cannot do this, since it takes the right to decrypt; it only tells people where this failed. */
async function replicate(ports: LeasedPorts, certificate: CertificateConfig): Promise<void> {
  const place = { log: ports.log, certificate };
  const accounts = accountsOf(certificate, ports.config);
  await keepIfPossible(place, 'replicas', () => ports.keyStore.replicate(certificate.id, accounts));
}

/** The CA's answer about the certificate in service may be a reason to issue. */
async function decided(ports: LeasedPorts, certificate: CertificateConfig, end: End) {
  const { clock, config, mine, recalls } = ports;
  const configuration = configurationOf(config, certificate);
  const situation = (record: CertificateRecord) => {
    const { issuers } = config;
    return { certificate, issuers, record, recalls, configuration, now: clock.now() };
  };
  const before = await mine.read();
  const chosen = await chooseVersion(ports, certificate, before);
  const hasChosen = chosen.desired !== before.desired;
  const held = await revokeVersion(ports, certificate, chosen);
  // A run that resumes an attempt gets a new certificate anyhow.
  const read = held.attempt ? held : await putRight(ports, held);
  const first = decideNext(situation(read));
  // Asked before a key is reused, or an attempt goes on that reused one; a new key is right whatever the CA says.
  const isDecided = first.action === 'begin' && first.needsNewKey;
  const looks = !isDecided && asksCa(situation(read));
  const seen = looks ? await look(ports, situation(read)) : read;
  const record = await withPutOff(ports, certificate, seen, decideNext(situation(seen)));
  const decision = decideNext(situation(record));
  if (decision.action !== 'look') return { record, decision, configuration, hasChosen };
  const proven = await proveFallback({ ...ports, ...end }, situation(record));
  return { record: proven, decision, configuration, hasChosen };
}

async function withPutOff(
  { clock, log, mine, random, retryDelaysMs }: LeasedPorts,
  { id }: CertificateConfig,
  record: CertificateRecord,
  decision: NextDecision,
): Promise<CertificateRecord> {
  if (decision.action !== 'put-off') return record;
  const { text } = decision.reason;
  log.warn('due when it was issued', { stage: 'issue', certificate: id, reason: text });
  const run = { now: clock.now(), jitter: random(), delaysMs: retryDelaysMs };
  return mine.update((current) => putOff(current, decision.reason, run));
}

/** Sends the deploys of the version in service again: a run may have died after it had stored it. */
export async function passOnDeploys(ports: IssuePorts, id: string): Promise<void> {
  const certificate = ports.config.certificates.find((candidate) => candidate.id === id);
  if (certificate) await handOverDeploys(ports, certificate, false);
}

async function handOverDeploys(
  ports: IssuePorts,
  certificate: CertificateConfig,
  wasUrgent: boolean,
): Promise<void> {
  const record = await ports.ledger.read(certificate.id);
  const version = record && desiredVersion(record);
  if (!version) return;
  const deploys = placesOf(certificate, ports.config.home).map((place) => ({
    work: { kind: 'deploy' as const, certificate: certificate.id, place },
    isUrgent: wasUrgent,
  }));
  await handOver(ports, deploys, version.id);
}
