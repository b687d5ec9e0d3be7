import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { reasonToIssue } from '#shared/acquire/renewal/rules.ts';
import { groupId } from '#shared/adapters/sqs-work-queues.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import type { Round } from '#shared/deploy/drift/rounds.ts';
import { proven as provenRights } from '#shared/deploy/rights-proof/proofs.ts';
import { rightsDigest } from '#shared/deploy/rights-proof/rights-digest.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import { CertkeepError } from '#shared/errors.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { queueNames } from '#shared/installation.ts';
import { withLease } from '#shared/ledger/lease.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord, Deployment, LedgerEvent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { usualExecutions } from '#shared/limits.ts';
import { apart } from '#shared/queues/bundle.ts';
import { carry } from '#shared/queues/carry.ts';
import {
  type CertificateWork,
  type Message,
  type Work,
  type Worker,
  type WorkQueues,
  workKey,
} from '#shared/queues/work.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type FakeObjectStore, fakeObjectStore } from './fake-object-store.ts';
import { configWith, healthy, inDays, versionOf, wanted } from './healthy.ts';
import { watching } from './watching.ts';

type Kind = Worker;

type Waiting = { readonly message: Message<CertificateWork>; readonly receives: number };

/** What becomes of a message that check sends. */
export type Fate = 'arrives' | 'arrives-unanswered' | 'is-lost';

export type Backlog = {
  readonly clock: VirtualClock;
  readonly objects: FakeObjectStore;
  /** Messages sent of a kind, by check and by the stages themselves. */
  readonly messages: Record<Kind, number>;
  /** Runs begun of a kind. */
  readonly runs: Record<Kind, number>;
  /** How often a certificate was named in a message of the kind. */
  named(certificate: string, kind: Kind): number;
  finished(): number;
  /** Reads and writes of S3, by check and the workers. */
  s3Calls(): number;
  check(): Promise<void>;
  /** The next check dies before it writes down what it has sent. */
  dieOnce(): void;
  /** Drops all that waits in the queues. */
  purge(): void;
  /** Checks every ten minutes until all are finished, at most so long. */
  live(mostMs: number): Promise<void>;
};

/** Real time that a run takes: an order a minute, what finds nothing to do half a second. */
const takesMs = { issue: 60 * secondMs, deploy: 8 * secondMs, verify: 20 * secondMs } as const;
const visibilityMs = 300 * secondMs;
const idleMs = 0.5 * secondMs;
const tickMs = 10 * minuteMs;

/**
 * A fleet that is due at once: the real check, ledger and decisions, over FIFO queues and runs that take their time and
 * do what the functions would write down. As many runs at once as a new account has for them.
 */
export async function backlog(options: {
  readonly count: number;
  /** Real time of a deploy; 8 s unless given. */
  readonly deployMs?: number;
  readonly fateOf?: (work: Work, sendings: number) => Fate;
}): Promise<Backlog> {
  let busy = 0;
  // Time stands still while a check reads thousands of records, as S3 answers in no time here.
  const clock = virtualClock(undefined, (then) => whenQuiet(() => busy === 0, then));
  const objects = fakeObjectStore();
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, writer });
  const ledgers = {
    issue: ledgerOf('issue'),
    deploy: ledgerOf('deploy'),
    verify: ledgerOf('verify'),
    check: ledgerOf('check'),
  };
  const config = configWith({ certificates: certificates(options.count) });
  const byId = new Map(config.certificates.map((each) => [each.id, each]));
  const log = { info() {}, warn() {}, error() {} };
  const sendings = new Map<string, number>();
  const messages = { issue: 0, deploy: 0, verify: 0 };
  const runs = { issue: 0, deploy: 0, verify: 0 };
  const queues: Record<Kind, Waiting[]> = { issue: [], deploy: [], verify: [] };
  const slots = { ...usualExecutions };
  const groups = new Set<string>();
  let finished = 0;

  function enqueue(message: Message<CertificateWork>): void {
    queues[message.kind].push({ message, receives: 0 });
    startRuns(message.kind);
  }

  async function send(message: Message<CertificateWork>): Promise<void> {
    const counts = apart(message).map((work) => {
      const count = (sendings.get(workKey(work)) ?? 0) + 1;
      sendings.set(workKey(work), count);
      return count;
    });
    messages[message.kind] += 1;
    const fate = options.fateOf?.(message, counts[0] ?? 1) ?? 'arrives';
    if (fate !== 'is-lost') enqueue(message);
    if (fate === 'arrives-unanswered') throw new CertkeepError('ServiceFailed', 'SQS: no answer');
  }

  function startRuns(kind: Kind): void {
    while (slots[kind] > 0) {
      const at = queues[kind].findIndex(({ message }) => !groups.has(groupId(message)));
      if (at < 0) return;
      const [waiting] = queues[kind].splice(at, 1) as [Waiting];
      const { message } = waiting;
      const receives = waiting.receives + 1;
      slots[kind] -= 1;
      groups.add(groupId(message));
      runs[kind] += 1;
      void carried(message, receives)
        .catch(() => {
          // The message comes back, and holds up its group until then.
          slots[kind] += 1;
          return clock.sleep(visibilityMs).then(() => {
            slots[kind] -= 1;
            queues[kind].push({ message, receives });
          });
        })
        .then(() => {
          slots[kind] += 1;
          groups.delete(groupId(message));
          startRuns(kind);
        });
    }
  }

  function carried(message: Message<CertificateWork>, receives: number) {
    const deadline = addMs(clock.now(), 150 * secondMs);
    const passing = { queues: { send }, clock, log };
    const delivery = { message, isQueued: true, receives };
    return carry(
      passing,
      delivery,
      { id: 'run', deadline },
      {
        async work(work, ports) {
          await run(work, ports.queues);
          return 'done';
        },
      },
    );
  }

  async function run(work: CertificateWork, passing: WorkQueues): Promise<void> {
    const certificate = byId.get(work.certificate) as CertificateConfig;
    if (work.kind === 'verify') return verifyRun(certificate);
    const name = work.kind === 'deploy' ? `deploy:${work.place}` : 'acquire';
    const until = addMs(clock.now(), 160 * secondMs);
    const lease = { id: certificate.id, name, holder: 'run', until, clock, log };
    await withLease(ledgers[work.kind], lease, () =>
      work.kind === 'issue' ? issueRun(certificate, passing) : deployRun(certificate, passing),
    );
  }

  async function recordOf({ id }: CertificateConfig): Promise<CertificateRecord> {
    const record = await ledgers.check.read(id);
    if (!record) throw new Error(`there is no record of ${id}`);
    return record;
  }

  async function issueRun(certificate: CertificateConfig, passing: WorkQueues): Promise<void> {
    const reason = reasonToIssue({
      ...config,
      certificate,
      record: await recordOf(certificate),
      now: clock.now(),
    });
    if (!reason) return clock.sleep(idleMs);
    await clock.sleep(takesMs.issue);
    const now = clock.now();
    const version = versionOf({
      id: 'v2',
      notBefore: now.toISOString(),
      notAfter: addMs(now, 90 * 24 * 60 * minuteMs).toISOString(),
      issuedAt: now.toISOString(),
    });
    await ledgers.issue.update(certificate.id, (current) => ({
      ...current,
      desired: version.id,
      versions: [...current.versions, version],
    }));
    await passing.send({ kind: 'deploy', certificate: certificate.id, place }, 'v2');
  }

  async function deployRun(certificate: CertificateConfig, passing: WorkQueues): Promise<void> {
    const targets = identitiesOf(certificate, config.home);
    const record = await recordOf(certificate);
    const { outcome } = decideDeploy({ record, targets, rollout: null, place, now: clock.now() });
    if (outcome !== 'due') return clock.sleep(idleMs);
    await clock.sleep(options.deployMs ?? takesMs.deploy);
    const at = clock.now().toISOString();
    await ledgers.deploy.update(certificate.id, (current) =>
      withDeployments(current, {
        state: 'awaiting-proof',
        versionId: 'v2',
        changedAt: at,
        nextProbeAt: at,
        provenAt: null,
      }),
    );
    await passing.send({ kind: 'verify', certificate: certificate.id }, 'v2');
  }

  async function verifyRun(certificate: CertificateConfig): Promise<void> {
    const record = await recordOf(certificate);
    const targets = identitiesOf(certificate, config.home);
    if (verifyDue(record, targets, clock.now()).length === 0) return clock.sleep(idleMs);
    await clock.sleep(takesMs.verify);
    const at = clock.now().toISOString();
    const nextProbeAt = inDays(7).toISOString();
    await ledgers.verify.update(certificate.id, (current) =>
      withDeployments(current, { state: 'proven', provenAt: at, nextProbeAt }),
    );
    finished += 1;
  }

  const sentBook = s3SentBook(objects);
  let dies = false;
  const ports = {
    config,
    objects,
    ...watching(objects),
    ledger: ledgers.check,
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: s3Recalls(objects),
    // Every place is proven.
    proofs: { read: async () => ({ [place]: provenRights(rightsDigest, clock.now()) }) },
    // Every listener was just looked at.
    rounds: { read: async () => ({ [place]: ended(clock.now()) }) },
    certified: async (record: CertificateRecord) => record,
    sentBook: {
      ...sentBook,
      async update(change: Parameters<typeof sentBook.update>[0]) {
        if (!dies) return sentBook.update(change);
        dies = false;
        throw new Error('dead');
      },
    },
    verifyBook: s3VerifyBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    capacity: capacityOf(usualExecutions),
    queues: { send: (message: Message) => send(message as Message<CertificateWork>) },
    functions: {
      start: (message: Message) => send(message as Message<CertificateWork>),
      startSync: async () => undefined,
    },
    bus: { publish: async (_: readonly LedgerEvent[]) => undefined },
    clock,
    log,
  };
  await Promise.all(
    config.certificates.map(({ id, targets }) =>
      wholeLedger({ objects, clock }).update(id, () => dueRecord(id, targets)),
    ),
  );
  let checks = 0;

  async function runCheck(): Promise<void> {
    busy += 1;
    checks += 1;
    try {
      await check(ports, {}, { id: `check-${checks}` });
    } finally {
      busy -= 1;
    }
  }

  return {
    clock,
    objects,
    messages,
    runs,
    named: (certificate, kind) =>
      [...sendings].reduce(
        (sum, [key, count]) => sum + (isOf(key, kind, certificate) ? count : 0),
        0,
      ),
    finished: () => finished,
    s3Calls: () => objects.reads + objects.conditionalWrites,
    check: runCheck,
    dieOnce() {
      dies = true;
    },
    purge() {
      for (const kind of queueNames) queues[kind].length = 0;
    },
    async live(mostMs) {
      for (let ms = 0; ms < mostMs && finished < options.count; ms += tickMs) {
        await runCheck().catch(() => undefined);
        await clock.sleep(tickMs);
      }
    },
  };
}

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/';
const place = '123456789012/us-east-1';

function certificates(count: number): readonly CertificateConfig[] {
  return Array.from({ length: count }, (_, at) => {
    const target = {
      type: 'alb' as const,
      listener: `${listener}${at.toString(16).padStart(16, '0')}`,
      certificate: 'default' as const,
    };
    return wanted({ id: `c${at}`, targets: [target] });
  });
}

/** Its renewal was due yesterday. */
function dueRecord(id: string, targets: CertificateConfig['targets']): CertificateRecord {
  const version = versionOf({
    notBefore: inDays(-61).toISOString(),
    notAfter: inDays(29).toISOString(),
    issuedAt: inDays(-61).toISOString(),
  });
  const deployments = identitiesOf({ id, targets }, configWith().home).map(({ key }) => [
    key,
    proven,
  ]);
  return healthy({ id, versions: [version], deployments: Object.fromEntries(deployments) });
}

const proven: Deployment = {
  state: 'proven',
  place,
  versionId: 'v1',
  arn: 'arn:v1',
  previous: null,
  baselineSerial: null,
  changedAt: inDays(-61).toISOString(),
  provenAt: inDays(-61).toISOString(),
  probe: null,
  nextProbeAt: inDays(7).toISOString(),
  failure: null,
};

function withDeployments(
  record: CertificateRecord,
  change: Partial<Deployment>,
): CertificateRecord {
  const changed = Object.entries(record.deployments).map(([key, deployment]) => [
    key,
    { ...deployment, ...change },
  ]);
  return { ...record, deployments: Object.fromEntries(changed) };
}

function isOf(key: string, kind: Kind, certificate: string): boolean {
  const [of, id] = key.split(':');
  return of === kind && id === certificate;
}

/** Once nobody has work left at this time: each step of the store takes a turn of the event loop. */
function whenQuiet(isQuiet: () => boolean, then: () => void, turns = 0): void {
  if (turns >= 12 && isQuiet()) then();
  else setImmediate(() => whenQuiet(isQuiet, then, isQuiet() ? turns + 1 : 0));
}

function ended(now: Date): Round {
  const at = now.toISOString();
  return { begunAt: at, next: null, seenAt: at };
}
