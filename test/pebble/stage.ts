import { issue } from '#shared/acquire/issue.ts';
import { s3IssuerBook } from '#shared/acquire/issuer-book.ts';
import { createIssuer } from '#shared/acquire/issuers/registry.ts';
import { addMs, type Clock, minuteMs, secondMs, systemClock } from '#shared/clock.ts';
import type { CertificateConfig, Config, IssuerConfig } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeDns } from '#test/support/fake-dns.ts';
import { fakeKeyStore } from '#test/support/fake-key-store.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fakeSolver } from '#test/support/fake-solver.ts';
import { wanted } from '#test/support/healthy.ts';
import { issuerDeps } from '#test/support/issuer-deps.ts';

export type PebbleStage = {
  /** Runs the issue stage until nothing is left to do, as check would have it run. */
  settle(id: string): Promise<CertificateRecord>;
  /** The certificate in service. */
  certificateOf(id: string): Promise<string>;
  /** Moves the stage's time on; Pebble's stays. */
  pass(ms: number): void;
};

const mostRuns = 30;

/** The issue stage of many certificates of one issuer, with ledger, keys and DNS in memory. */
export function pebbleStage(
  issuerConfig: IssuerConfig,
  certificates: Readonly<Record<string, readonly string[]>>,
  secrets: Parameters<typeof issuerDeps>[0] = {},
): PebbleStage {
  let aheadMs = 0;
  const clock: Clock = {
    now: () => addMs(systemClock.now(), aheadMs),
    sleep: systemClock.sleep,
  };
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock });
  const keyStore = fakeKeyStore();
  const solver = fakeSolver('example.com');
  const chosen = { key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;
  const log = { info() {}, warn() {}, error() {} };
  const issuer = createIssuer(issuerConfig, issuerDeps({ keyStore, clock, log, ...secrets }));
  const config: Config = {
    installation: 'certkeep',
    home: { account: '123456789012', region: 'us-east-1' },
    replicas: [],
    alerts: { expiringDays: [], email: [] },
    issuers: { local: issuerConfig },
    solvers: [],
    retired: { solvers: [], places: [] },
    certificates: Object.entries(certificates).map(
      ([id, names]): CertificateConfig => wanted({ id, names }),
    ),
  };
  const ports = {
    config,
    ledger,
    objects,
    keyStore,
    issuerOf: () => issuer,
    issuerBook: s3IssuerBook(objects, () => issuerConfig.directory),
    solvers: { forName: () => chosen, byKey: () => solver },
    dns: fakeDns({}),
    // Pebble's certificates name no list.
    revocations: () => Promise.reject(new Error('no revocation list was named')),
    random: Math.random,
    queues: { send: async () => undefined },
    bus: { publish: async () => undefined },
    clock,
    log,
    pollMs: 25,
    retryDelaysMs: [50],
  };
  return {
    pass: (ms) => {
      aheadMs += ms;
    },
    async certificateOf(id) {
      return (await keyStore.current(id))?.certificatePem ?? '';
    },
    async settle(id) {
      for (let run = 0; run < mostRuns; run += 1) {
        const deadline = addMs(clock.now(), 2 * minuteMs);
        const outcome = await issue(ports, id, { id: `run-${run}`, deadline });
        if (outcome === 'nothing-to-do') break;
        // What a CA asks to be waited for is waited for by coming again later.
        if (outcome === 'waiting') aheadMs += 10 * secondMs;
        if (outcome === 'failed') await systemClock.sleep(100);
      }
      const record = await ledger.read(id);
      if (!record) throw new Error(`there is no record of ${id}`);
      return record;
    },
  };
}
