import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { eachOf, inBatches } from '#shared/each.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Invocation } from '#shared/invocation.ts';
import { flushOutboxes } from '#shared/ledger/outbox.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import { admit, type WantedOrder } from './budgets/admit.ts';
import { readBooks } from './budgets/books.ts';
import type { BudgetBook } from './budgets/budget-book.ts';
import { candidateOf } from './budgets/candidate.ts';
import { costOfForce } from './budgets/force.ts';
import {
  type CheckLine,
  type Due,
  type DuePorts,
  sendDue,
  sendIssue,
  sendRetirements,
} from './send-due.ts';
import { type TellPorts, tell } from './tell.ts';
import { isDone, type Wish, withWish } from './wish.ts';

export type CheckPorts = DuePorts &
  TellPorts & { readonly budgetBook: Pick<BudgetBook, 'read'>; readonly log: Log };

/** The schedule asks for everything; a person names certificates, what is to happen to them, and why. */
export type CheckRequest =
  | { readonly certificates?: undefined }
  | {
      readonly certificates: readonly string[];
      readonly force?: true | undefined;
      /** Forces although a limit of the CA would be used up. */
      readonly override?: true | undefined;
      readonly retry?: true | undefined;
      readonly reason: string;
    };

/** S3 answers in tens of milliseconds: thousands of records take seconds. */
const sideBySide = { concurrency: 32, failure: 'certificates could not be checked' };

/**
 * Looks at every certificate's record and sends the work that is due. Believes nothing but the ledger,
 * so any number of runs side by side do no harm: whoever takes the work decides again under its lease.
 * @throws CertkeepError CertificateUnknown, ForceTooCostly; AggregateError of what went wrong, after all
 */
export async function check(
  ports: CheckPorts,
  request: CheckRequest,
  invocation: Pick<Invocation, 'id'>,
): Promise<readonly CheckLine[]> {
  const wanted = wantedCertificates(ports.config, request);
  const wish = wishOf(request, invocation);
  const isForce = wish?.kind === 'force';
  const costs = isForce ? await costsOf(ports, wanted, wish) : new Map();
  const lines: CheckLine[] = [];
  const orders: WantedOrder[] = [];
  const seen: CertificateRecord[] = [];
  const lookAtAll = () =>
    eachOf(wanted, sideBySide, (certificate) =>
      logged(ports.log, certificate.id, async () => {
        await checkOne(ports, certificate, wish, {
          due(due) {
            if ('send' in due) orders.push(due);
            else lines.push(due);
          },
          record(told) {
            if (told.outbox.length > 0) seen.push(told);
          },
        });
      }),
    );
  const sendOrders = async () => {
    lines.push(...(await (isForce ? sendAll(orders) : admit(ports, orders))));
  };
  await inTurn(
    () => inTurn(lookAtAll, sendOrders),
    () => publishAll(ports, seen),
  );
  for (const line of lines) tellLine(ports.log, line);
  if (!wish) await checkForgotten(ports);
  return lines.map((line) => ({ ...line, ...costs.get(line.certificate) }));
}

/** The second is done though the first failed. */
async function inTurn(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const [done] = await Promise.allSettled([first()]);
  throwFailures([done, ...(await Promise.allSettled([second()]))]);
}

function throwFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (reasons.length === 0) return;
  if (reasons.length === 1) throw reasons[0];
  throw new AggregateError(reasons, reasons.map(errorMessage).join('; '));
}

/** @throws what keeps events from being published, after every record was tried */
async function publishAll(ports: CheckPorts, records: readonly CertificateRecord[]): Promise<void> {
  const { failures } = await flushOutboxes(ports, records);
  throwFailures(failures.map((reason) => ({ status: 'rejected', reason })));
}

/** Before anything is written: what is refused is refused as a whole. */
async function costsOf(
  { budgetBook, clock, config, ledger }: CheckPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish,
): Promise<ReadonlyMap<string, Pick<CheckLine, 'takes'>>> {
  const { issuers } = config;
  const now = clock.now();
  const candidates = await inBatches(wanted, sideBySide.concurrency, async (certificate) => {
    const record = (await ledger.read(certificate.id)) ?? emptyRecord(certificate.id, now);
    const situation = { certificate, issuers, record, now };
    // A run that is repeated has paid already.
    return isDone(record, wish) ? null : candidateOf(situation, { urgency: 'urgent', from: now });
  });
  const unpaid = candidates.filter((candidate) => candidate !== null);
  const books = await readBooks(budgetBook, unpaid);
  const costs = costOfForce(unpaid, books, { clock, overrides: wish.overrides });
  return new Map(costs.map(({ certificate, takes }) => [certificate, { takes }]));
}

/** Whoever forces has been told what it costs. */
async function sendAll(orders: readonly WantedOrder[]): Promise<readonly CheckLine[]> {
  await eachOf(orders, sideBySide, ({ send }) => send());
  return orders.map(({ certificate, reason }) => ({ certificate, action: 'issue', reason }));
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

function wishOf(request: CheckRequest, { id }: Pick<Invocation, 'id'>): Wish | null {
  if (!request.certificates) return null;
  const { reason, force, override = false } = request;
  return { kind: force ? 'force' : 'retry', reason, overrides: override, runId: id };
}

async function checkOne(
  ports: CheckPorts,
  certificate: CertificateConfig,
  wish: Wish | null,
  keep: { readonly due: (due: Due) => void; readonly record: (record: CertificateRecord) => void },
): Promise<void> {
  const { clock, ledger } = ports;
  const { id } = certificate;
  const record = wish
    ? await ledger.update(id, (current) => withWish(current, wish, clock.now()))
    : ((await ledger.read(id)) ?? emptyRecord(id, clock.now()));
  // A queue that takes nothing must not keep people from being told, nor the other way round.
  const results = await Promise.allSettled([
    sendDue(ports, certificate, record, wish?.kind === 'retry').then(keep.due),
    tell(ports, certificate, record).then(keep.record),
  ]);
  throwFailures(results);
}

function tellLine(log: Log, { certificate, action, reason }: CheckLine): void {
  if (action === 'none') return;
  log.info('checked', { stage: 'check', certificate, outcome: action, reason });
}

/** What left the configuration is not renewed any more, but nothing of it stays published, untold or in a retired place. */
async function checkForgotten(ports: CheckPorts): Promise<void> {
  const configured = new Set(ports.config.certificates.map(({ id }) => id));
  const forgotten = (await ports.ledger.ids()).filter((id) => !configured.has(id));
  const seen: CertificateRecord[] = [];
  const lookAtAll = () =>
    eachOf(forgotten, sideBySide, (id) =>
      logged(ports.log, id, async () => {
        const record = await ports.ledger.read(id);
        if (record && record.outbox.length > 0) seen.push(record);
        if (record && (record.txt.length > 0 || record.attempt)) await sendIssue(ports, record);
        if (record) await sendRetirements(ports, record);
      }),
    );
  await inTurn(lookAtAll, () => publishAll(ports, seen));
}

async function logged(log: Log, certificate: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const fields = { outcome: errorName(error), reason: errorMessage(error) };
    log.error('certificate not checked', { stage: 'check', certificate, ...fields });
    throw error;
  }
}
