import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { check } from '#shared/check/check.ts';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import type { AlarmState } from '#shared/check/observations/observations.ts';
import type { Config } from '#shared/config/config.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { s3Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import type { SecretState } from '#shared/keystores/key-store.ts';
import type { CertificateRecord, LedgerEvent, Version } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { Message } from '#shared/queues/work.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { fakeObjectStore } from './fake-object-store.ts';
import { configWith } from './healthy.ts';
import { watching } from './watching.ts';

export const thresholds = [21, 14, 7, 3, 1];

/** check over a ledger in memory that holds the one record `shop`, and what it sends. */
export function desk(
  change: Partial<Config> = {},
  capacity = capacityOf({ issue: 3, deploy: 2, verify: 2 }),
) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'check' });
  const whole = wholeLedger({ objects, clock });
  const book = s3BudgetBook(objects, clock);
  const sent: Message[] = [];
  const published: LedgerEvent[] = [];
  const fails = {
    ...{ certificates: false, listing: false, queue: false },
    ...{ functions: false, bus: false, budgets: false },
  };
  /** What the certificate of the version in service says instead of the record. */
  const certificate: { says?: Partial<Version> } = {};
  const usual = configWith();
  const alerts = { ...usual.alerts, expiringDays: thresholds };
  const config = configWith({ alerts, ...change });
  const budgetBook: typeof book = {
    ...book,
    async read(directory) {
      if (fails.budgets) throw new Error('no budgets');
      return book.read(directory);
    },
  };
  const warned: string[] = [];
  const warn = (message: string, fields: { readonly reason?: string }) =>
    void warned.push(`${message}: ${fields.reason}`);
  /** The ages of the last look of alert, in seconds. */
  const measured: number[] = [];
  const log = { info: () => undefined, warn, error: () => undefined };
  const queues = {
    async send(work: Message) {
      if (fails.queue) throw new Error('no queue');
      sent.push(work);
    },
  };
  const started: Message[] = [];
  const synced: string[] = [];
  const functions = {
    async start(work: Message) {
      if (fails.functions) throw new Error('no function');
      started.push(work);
    },
    async startSync(region: string) {
      if (fails.functions) throw new Error('no function');
      synced.push(region);
    },
  };
  const sentBook = s3SentBook(objects);
  const lookOf = (region: string) => s3RegionLook(objects, region);
  const proofs = s3Proofs(objects);
  const bus = {
    async publish(events: readonly LedgerEvent[]) {
      if (fails.bus) throw new CertkeepError('ServiceThrottled', 'EventBridge: no bus');
      // Each check ends with one.
      published.push(...events.filter(({ type }) => type !== 'checked'));
    },
  };
  /** What looks at the secret and at the topic show. */
  const secret: { state: SecretState } = { state: 'there' };
  const audience = {
    confirmed: 1,
    pending: 0,
    isClosed: false,
    unconfirmed: [] as readonly string[],
  };
  const alarm: { state: AlarmState } = { state: 'on' };
  /** Somebody outside who waits for a sign of each check. */
  const outside = { beats: 0, isDown: false, isReplicaAway: false, isMeasureRefused: false };
  /** When alert came last; it comes after each check unless given. */
  const alert: { cameAt?: string | null; refusals: Told['refusals'] } = { refusals: {} };
  const beat = () => {
    if (outside.isDown) throw new CertkeepError('HeartbeatNotTaken', 'HTTP 500');
    outside.beats += 1;
  };
  return {
    secret,
    audience,
    alarm,
    alert,
    outside,
    measured,
    fails,
    certificate,
    warned,
    budgetBook,
    clock,
    sent,
    started,
    synced,
    sentBook,
    lookOf,
    objects,
    published,
    whole,
    holds: (record: CertificateRecord) => whole.update('shop', () => record),
    record: () => whole.read('shop'),
    run: (request = {}, id = 'run-1') =>
      check(
        {
          config,
          objects,
          ledger: {
            ...ledger,
            list: () => (fails.listing ? Promise.reject(new Error('no listing')) : ledger.list()),
          },
          budgetBook,
          recallBook: s3Recalls(objects),
          sentBook,
          verifyBook: s3VerifyBook(objects),
          lookOf,
          proofs,
          rounds: s3Rounds(objects),
          ...watching(objects, ['eu-west-1']),
          keys: { stateOf: async () => secret.state },
          watcherLook: {
            async audienceOf({ region }) {
              if (region === 'us-east-1') return audience;
              if (outside.isReplicaAway) throw new Error('the region is away');
              return {
                confirmed: 1,
                pending: 0,
                isClosed: false,
                unconfirmed: [] as readonly string[],
              };
            },
            statesOf: async (_, names) => names.map(() => alarm.state),
          },
          told: {
            read: async () => ({
              cameAt: alert.cameAt === undefined ? clock.now().toISOString() : alert.cameAt,
              refusals: alert.refusals,
            }),
          },
          async measureAlert(seconds) {
            if (outside.isMeasureRefused) throw new Error('no metric');
            measured.push(seconds);
          },
          signs: [{ name: 'heartbeat', give: async () => beat() }],
          // Nothing is stored of the certificates that its records speak of.
          async certified(record) {
            if (fails.certificates) throw new Error('no certificates');
            const { says } = certificate;
            if (!says) return record;
            return { ...record, versions: record.versions.map((each) => ({ ...each, ...says })) };
          },
          capacity,
          queues,
          functions,
          bus,
          clock,
          log,
        },
        request,
        { id },
      ),
  };
}
