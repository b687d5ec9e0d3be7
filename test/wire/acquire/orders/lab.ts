import { s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { issue } from '#shared/acquire/issue.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { fakeKeyStore } from '#test/support/fake-key-store.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configWith, issuers, wanted } from '#test/support/healthy.ts';
import { memoryIssuer } from '#test/support/memory-issuer.ts';
import { silentLog } from '#test/support/silent-log.ts';
import type { Service } from './services.ts';

export type Outcome = {
  readonly record: CertificateRecord;
  readonly runs: number;
  readonly tookMs: number;
  readonly orders: number;
  readonly certificates: number;
  /** The errors that people heard of. */
  readonly told: readonly unknown[];
};

const functionMs = 150 * secondMs;
/** Outside calls end before the platform ends the run (functions/handler.ts). */
const marginMs = 2 * secondMs;
/** How often check looks. */
const everyMs = 10 * minuteMs;
const mostRuns = 600;

/**
 * Issues a certificate of these names through a service, run by run as on Lambda: the next one begins at once where
 * a message was sent, else at the next check.
 */
export async function issueThrough(
  service: Service,
  names: readonly string[],
  { side, mayFail = false }: { readonly side: number; readonly mayFail?: boolean },
): Promise<Outcome> {
  const { challenge, clock, dns } = service;
  const runs = runClock(clock);
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const { counts, issuer } = memoryIssuer({
    clock: runs.clock,
    takesMs: 200,
    challenge,
    visible: service.visible,
  });
  const solver = service.solver(runs.clock, side);
  const chosen = { key: 'its', solver, challenge, cnameStrategy: 'none' } as const;
  let messages = 0;
  const told: unknown[] = [];
  const ports = {
    config: configWith({ certificates: [wanted({ names })] }),
    ledger,
    objects,
    keyStore: fakeKeyStore(),
    issuerOf: () => issuer,
    rehearsalAt: () => issuer,
    budgetBook: s3BudgetBook(objects, clock),
    recallBook: s3Recalls(objects),
    issuerBook: s3IssuerBook(objects, () => issuers.local?.directory ?? ''),
    solvers: { forName: () => chosen, byKey: () => solver },
    dns,
    revocations: () => Promise.reject(new Error('no revocation list was named')),
    random: () => 0.5,
    queues: {
      send: async ({ kind }: { readonly kind: string }) => {
        if (kind === 'issue') messages += 1;
      },
    },
    functions: { start: async () => undefined },
    bus: {
      publish: async (events: readonly LedgerEvent[]) => {
        told.push(
          ...events.filter(({ type }) => type === 'failed').map((each) => each.details.error),
        );
      },
    },
    clock: runs.clock,
    log: silentLog,
    pollMs: 5 * secondMs,
    retryDelaysMs: [minuteMs],
  };
  const startedAt = clock.now().getTime();
  for (let run = 1; run <= mostRuns; run += 1) {
    messages = 0;
    const { deadline, signal } = runs.begin();
    await withinDeadline(signal, () => issue(ports, 'shop', { id: `run-${run}`, deadline }));
    const record = (await ledger.read('shop')) as CertificateRecord;
    if (record.desired && record.txt.length === 0) {
      const tookMs = clock.now().getTime() - startedAt;
      return { record, runs: run, tookMs, ...counts, told };
    }
    const { acquireFailure } = record;
    if (acquireFailure && !mayFail)
      throw new Error(`${acquireFailure.error}: ${acquireFailure.message}`);
    if (messages === 0) clock.advance(everyMs);
  }
  throw new Error(`not issued in ${mostRuns} runs`);
}

/** A clock on which no sleep outlasts a run: its calls end at its deadline, and the sleeper is told so. */
function runClock(clock: Clock) {
  let end = clock.now();
  let ending = new AbortController();
  return {
    begin() {
      ending = new AbortController();
      end = addMs(clock.now(), functionMs - marginMs);
      return { deadline: addMs(clock.now(), functionMs), signal: ending.signal };
    },
    clock: {
      now: clock.now,
      async sleep(ms: number, signal?: AbortSignal): Promise<void> {
        const leftMs = Math.max(0, end.getTime() - clock.now().getTime());
        await clock.sleep(Math.min(ms, leftMs), signal);
        if (ms <= leftMs) return;
        ending.abort(new DOMException('the run ends soon', 'TimeoutError'));
        throw ending.signal.reason;
      },
    },
  };
}
