import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { issue } from '#shared/acquire/issue.ts';
import type { IssueOutcome } from '#shared/acquire/outcome.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { retryDelaysMs } from '#shared/ledger/backoff.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { Solvers } from '#shared/solvers/solvers.ts';
import { addMs, type Clock, minuteMs, secondMs, systemClock } from '#shared/time/clock.ts';
import { fakeDns } from './fake-dns.ts';
import { fakeKeyStore } from './fake-key-store.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { fakeSolver } from './fake-solver.ts';
import { configWith, wanted } from './healthy.ts';
import { issuerDeps } from './issuer-deps.ts';
import { loadedIssuers } from './loaded-issuers.ts';

export type IssueStage = {
  /** One run of the issue stage, as a message starts it. */
  run(id: string): Promise<IssueOutcome>;
  record(id: string): Promise<CertificateRecord>;
  /** Runs the issue stage until nothing is left to do, as check would have it run; each message comes twice. */
  settle(id: string, mostRuns?: number): Promise<CertificateRecord>;
  /** The certificate in service, and the chain above it. */
  stored(id: string): Promise<{ readonly certificatePem: string; readonly chainPem: string }>;
  /** Moves the stage's time on; Pebble's stays. */
  pass(ms: number): void;
};

export type IssueStageOptions = {
  readonly issuer: IssuerConfig;
  /** As the stage believes the issuer to be configured, where that is not how it is reached. */
  readonly believed?: IssuerConfig;
  /** Their names, by their ids. */
  readonly certificates: Readonly<Record<string, readonly string[]>>;
  readonly deps?: Parameters<typeof issuerDeps>[0];
  /** One for `example.com` unless told. */
  readonly solvers?: Solvers;
  /** The system's unless told; with another one the waits are those of an installation. */
  readonly clock?: Clock;
};

/** The issue stage of certificates of one issuer, with ledger, keys and DNS in memory. */
export function issueStage(options: IssueStageOptions): IssueStage {
  const { issuer: reached, believed = reached, certificates, deps } = options;
  let aheadMs = 0;
  const clock: Clock = options.clock ?? {
    now: () => addMs(systemClock.now(), aheadMs),
    sleep: systemClock.sleep,
  };
  const waits = options.clock
    ? { pollMs: 3 * secondMs, retryDelaysMs: [...retryDelaysMs] }
    : { pollMs: 25, retryDelaysMs: [50] };
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const keyStore = fakeKeyStore();
  const solver = fakeSolver('example.com');
  const chosen = { key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;
  const log = { info() {}, warn() {}, error() {} };
  const issuer = createIssuer(
    loadedIssuers,
    reached,
    issuerDeps({ keyStore, clock, log, ...deps }),
  );
  const config = configWith({
    issuers: { local: believed },
    certificates: Object.entries(certificates).map(([id, names]) => wanted({ id, names })),
  });
  const ports = {
    config,
    ledger,
    objects,
    keyStore,
    issuerOf: () => issuer,
    rehearsalAt: () => issuer,
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: s3Recalls(objects),
    issuerBook: s3IssuerBook(objects, () => believed.directory),
    solvers: options.solvers ?? { forName: () => chosen, byKey: () => solver },
    dns: fakeDns({ 'example.com': { NS: ['ns.test'] } }),
    // Pebble's certificates name no list.
    revocations: () => Promise.reject(new Error('no revocation list was named')),
    random: Math.random,
    queues: { send: async () => undefined },
    functions: { start: async () => undefined },
    bus: { publish: async () => undefined },
    clock,
    log,
    ...waits,
  };
  let runs = 0;

  async function record(id: string): Promise<CertificateRecord> {
    const found = await ledger.read(id);
    if (!found) throw new Error(`there is no record of ${id}`);
    return found;
  }

  return {
    record,
    run(id) {
      runs += 1;
      const deadline = addMs(clock.now(), 150 * secondMs);
      return issue(ports, id, { id: `single-${runs}`, deadline });
    },
    pass: (ms) => {
      aheadMs += ms;
    },
    async stored(id) {
      const { certificatePem, chainPem } = (await keyStore.current(id)) ?? {};
      if (!certificatePem || !chainPem) throw new Error(`${id} is not stored`);
      return { certificatePem, chainPem };
    },
    async settle(id, mostRuns = 30) {
      for (let run = 0; run < mostRuns; run += 1) {
        const deadline = addMs(clock.now(), 2 * minuteMs);
        const outcomes = await Promise.all(
          ['a', 'b'].map((twin) => issue(ports, id, { id: `run-${run}${twin}`, deadline })),
        );
        if (outcomes.every((each) => each === 'nothing-to-do' || each === 'busy')) break;
        // What a CA asks to be waited for is waited for by coming again later.
        if (outcomes.includes('waiting')) aheadMs += 10 * secondMs;
        if (outcomes.includes('failed')) await systemClock.sleep(100);
      }
      return record(id);
    },
  };
}
