import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from 'local-cloud/ca/acme-ca.ts';
import { startDns } from 'local-cloud/dns/server.ts';
import { faultInjection } from 'local-cloud/faults.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { issue } from '#shared/acquire/issue.ts';
import { certifiedRecord } from '#shared/acquire/store/as-certified.ts';
import { type CheckLine, type CheckRequest, check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { plan } from '#shared/check/forecast.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { eachOf } from '#shared/each.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { Work } from '#shared/queues/work.ts';
import { type BudgetBook, s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { issuerConfig } from './acme-lab.ts';
import { fakeDns } from './fake-dns.ts';
import { fakeKeyStore } from './fake-key-store.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { fakeSolver } from './fake-solver.ts';
import { configWith, wanted } from './healthy.ts';
import { issuerDeps } from './issuer-deps.ts';
import { loadedIssuers } from './loaded-issuers.ts';
import { watching } from './watching.ts';

/** Many certificates of one CA: check and issue as they are, over ledger, keys and DNS in memory. */
export type FleetStage = {
  readonly ca: AcmeCa;
  readonly clock: VirtualClock;
  readonly config: Config;
  /** One check and all that it sends. */
  run(request?: CheckRequest): Promise<readonly CheckLine[]>;
  plan(days: number): ReturnType<typeof plan>;
  record(id: string): Promise<CertificateRecord>;
  /** What is used up, by its kind. */
  usedUp(): Promise<readonly string[]>;
  /** How many versions of all certificates there are. */
  versions(): Promise<number>;
  /** From now on nothing of what is published can be seen. */
  publishNothing(): void;
  close(): Promise<void>;
};

/** How many runs of issue there are at once. */
const sideBySide = { concurrency: 8, failure: 'certificates were not issued' };

export async function fleetStage(
  certificates: readonly (Pick<CertificateConfig, 'id' | 'names' | 'domains'> &
    Partial<CertificateConfig>)[],
  options: {
    readonly ca?: Partial<AcmeCaOptions>;
    readonly issuer?: Partial<IssuerConfig>;
    readonly retryDelaysMs?: readonly number[];
    /** What the stage is given instead of its book of limits. */
    readonly budgetBook?: (book: BudgetBook) => BudgetBook;
  } = {},
): Promise<FleetStage> {
  const clock = virtualClock();
  const domains = [...new Set(certificates.flatMap((each) => each.domains))];
  const solver = fakeSolver(...domains);
  let isHidden = false;
  const dns = await startDns({
    lookup: (name, type) =>
      solver
        .values()
        .filter(
          (value) => !isHidden && type === 'TXT' && value.startsWith(`${name.toLowerCase()}=`),
        )
        .map((value) => ({ type: 'TXT', name, ttl: 1, data: value.slice(name.length + 1) })),
  });
  const faults = faultInjection();
  const ca = await startAcmeCa({
    clock,
    faults,
    resolver: dns.address,
    validationMs: 10,
    finalizeMs: 10,
    ...options.ca,
  });
  const objects = fakeObjectStore();
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, writer });
  const ledger = wholeLedger({ objects, clock });
  const keyStore = fakeKeyStore();
  const log = { info() {}, warn() {}, error() {} };
  const local: IssuerConfig = { ...issuerConfig(ca), ...options.issuer };
  const issuer = createIssuer(loadedIssuers, local, issuerDeps({ keyStore, clock, log }));
  const config = configWith({
    issuers: { local },
    certificates: certificates.map((each) => wanted(each)),
  });
  const chosen = { key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;
  let sent = new Set<string>();
  const keep = async (work: Work) => {
    if ('certificate' in work) sent.add(work.certificate);
  };
  const ports = {
    config,
    ledger: ledgerOf('issue'),
    objects,
    keyStore,
    budgetBook: (options.budgetBook ?? ((book) => book))(s3BudgetBook(objects, clock)),
    recallBook: s3Recalls(objects),
    issuerOf: () => issuer,
    rehearsalAt: () => issuer,
    issuerBook: s3IssuerBook(objects, () => local.directory),
    solvers: { forName: () => chosen, byKey: () => solver },
    dns: fakeDns(Object.fromEntries(domains.map((domain) => [domain, { NS: ['ns.test'] }]))),
    revocations: () => Promise.reject(new Error('no revocation list was named')),
    random: Math.random,
    queues: { send: keep },
    functions: { start: keep, startSync: async () => undefined },
    sentBook: s3SentBook(objects),
    verifyBook: s3VerifyBook(objects),
    lookOf: (region: string) => s3RegionLook(objects, region),
    proofs: { read: async () => ({}) },
    rounds: { read: async () => ({}) },
    certified: (record: CertificateRecord) => certifiedRecord({ objects, log }, record),
    // Limits of CAs are in question here, not those of Lambda.
    capacity: capacityOf({ issue: 1_000, deploy: 1_000, verify: 1_000 }),
    bus: { publish: async () => undefined },
    ...watching(objects),
    clock,
    log,
    // Time goes on while others are at real work: short waits keep a run as short as it is elsewhere.
    pollMs: 50,
    retryDelaysMs: options.retryDelaysMs ?? [minuteMs, 10 * minuteMs, 100 * minuteMs],
  };
  const record = async (id: string) => (await ledger.read(id)) ?? emptyRecord(id, clock.now());
  let runs = 0;
  return {
    ca,
    clock,
    config,
    record,
    plan: (days) => plan(ports, { days }),
    usedUp: async () =>
      Object.entries(await ports.budgetBook.read(local.directory))
        .filter(([, fullAt = 0]) => fullAt > clock.now().getTime())
        .map(([key]) => key.split(':')[0] ?? ''),
    async run(request = {}) {
      runs += 1;
      const lines = await check({ ...ports, ledger: ledgerOf('check') }, request, {
        id: `check-${runs}`,
      });
      const work = sent;
      sent = new Set();
      await eachOf(work, sideBySide, async (id) => {
        const deadline = addMs(clock.now(), 5 * minuteMs);
        await issue(ports, id, { id: `run-${runs}-${id}`, deadline });
      });
      return lines;
    },
    async versions() {
      const records = await Promise.all(config.certificates.map(({ id }) => record(id)));
      return records.reduce((sum, { versions }) => sum + versions.length, 0);
    },
    publishNothing() {
      isHidden = true;
    },
    async close() {
      await ca.close();
      await dns.close();
    },
  };
}
