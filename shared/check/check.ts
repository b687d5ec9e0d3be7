import { noRecalls, type Recalls } from '#shared/acquire/advice/recalls.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { eachOf, inBatches, recordsAtOnce } from '#shared/each.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Listing } from '#shared/ledger/listing.ts';
import { flushOutboxes } from '#shared/ledger/outbox/outbox.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import { isUnreadable } from '#shared/ledger/record/record-object.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import { mostBytes } from '#shared/object-store.ts';
import { readBooks } from '#shared/rate-limits/books.ts';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import { type DispatchPorts, dispatch } from './dispatch/dispatch.ts';
import { dispatchRegions, type RegionPorts } from './dispatch/dispatch-regions.ts';
import { type Piece, pieceKey } from './dispatch/piece.ts';
import { leftoverPiecesOf, type Needs, needsOf, toPutRight } from './dispatch/pieces-of.ts';
import { afterReading, quietBefore } from './known/known.ts';
import { type TellPorts, tell } from './notify.ts';
import { assertOverrides, isDone, type Wish, withWish } from './operator-request.ts';
import { admit } from './orders/admit.ts';
import { candidateOf } from './orders/candidate.ts';
import { costOfForce } from './orders/force-cost.ts';
import { lookAtPlaces, noPlaces, type PlacePorts, piecesOfPlaces } from './places.ts';
import { type ReportPorts, readBefore, report } from './report.ts';

export type CheckPorts = DispatchPorts &
  RegionPorts &
  ReportPorts &
  PlacePorts &
  TellPorts & {
    readonly budgetBook: Pick<BudgetBook, 'read'>;
    readonly recallBook: Pick<SharedObject<Recalls>, 'read'>;
    /**
     * Corrects the record by the certificate of the version in service (acquire/store/as-certified.ts), when its turn
     * comes.
     */
    readonly certified: (
      record: CertificateRecord,
    ) => CertificateRecord | Promise<CertificateRecord>;
  };

/** The schedule asks for all certificates; a person names certificates, a wish and a reason. */
export type CheckRequest =
  | { readonly certificates?: undefined }
  | {
      readonly certificates: readonly string[];
      readonly force?: true | undefined;
      /** Forces even if that would use up a limit of the CA. */
      readonly override?: true | undefined;
      readonly retry?: true | undefined;
      readonly reason: string;
    };

/** The work that check found due, and the reason. */
export type CheckLine = {
  readonly certificate: string;
  readonly action: Needs['action'];
  readonly reason: string;
  /** For a force: the charges to the CA's limits. */
  readonly takes?: readonly string[];
};

const sideBySide = { concurrency: recordsAtOnce, failure: 'certificates could not be checked' };

/**
 * Looks at every certificate's record and sends the work that is due and not under way. It relies only on the ledger, so
 * any number of concurrent runs do no harm: the function that takes the work decides again under its lease.
 * @throws CertkeepError CertificateUnknown, ForceTooCostly, OverrideUsedUp; AggregateError of what went wrong, after all
 * else is done
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
  const failures: unknown[] = [];
  const unread = new Map<string, unknown>();
  const listing = await listingOf(ports, failures);
  const recalls = await recallsOf(ports, failures);
  const before = wish ? null : await readBefore(ports, failures);
  const quiet = quietBefore(ports, { before, listing, recalls });
  const asked = wanted.filter(({ id }) => !quiet.has(id));
  const seen = await lookAtAll(ports, asked, wish, { unread, listing, recalls });
  const found = wish ? seen : await compareAll(ports, seen, { failures, recalls });
  const strange = new Map<string, unknown>();
  const forgotten =
    wish || !listing ? [] : await lookAtForgotten(ports, listing, { unread, strange });
  if (strange.size > 0) logStrange(ports.log, strange);
  const places = wish ? noPlaces : await lookAtPlaces(ports, failures);
  const needs = found.map(({ need }) => need);
  // The person who forces was told the cost.
  const admitted = isForce ? { needs, waits: new Map() } : await admit(ports, needs);
  const pieces = [
    ...admitted.needs.flatMap(({ issue }) => issue ?? []),
    ...needs.flatMap(({ others }) => others),
    ...forgotten.flatMap(({ pieces: left }) => left),
    ...piecesOfPlaces(ports, places),
  ];
  const heldBack = needs.flatMap(({ certificate, issue }) =>
    issue && admitted.waits.has(certificate) ? [issue] : [],
  );
  const dispatched = await dispatch(ports, pieces, {
    isAsked: wish !== null,
    // A certificate whose record could not be read may still need the work that was sent.
    isWhole: !wish && failures.length === 0,
    unread: new Set([...unread.keys(), ...strange.keys()]),
    heldBack,
  });
  failures.push(...dispatched.failures);
  if (!wish)
    failures.push(
      ...(await dispatchRegions(
        ports,
        found.map(({ record }) => record),
        { hasQuiet: quiet.size > 0 },
      )),
    );
  await tellAll(ports, [...found, ...forgotten], failures);
  if (before) {
    const read = found.filter(({ record }, index) => record === seen[index]?.record);
    const knownAfter = afterReading(ports, { listing, quiet, read, recalls });
    const all = { found, quiet, forgotten, unread, ...places };
    await report(ports, all, { before, knownAfter }, failures);
  }
  const lines = needs.map((need) => lineOf(need, admitted.waits, dispatched.waits));
  for (const line of lines) logLine(ports.log, line);
  const all = [...unread.values(), ...failures];
  if (all.length > 0) throw new AggregateError(all, summaryOf(all));
  const unchanged = [...quiet.values()].map(
    ({ id, renewsAt }): CheckLine => ({
      certificate: id,
      action: 'none',
      reason: `nothing has changed, and a renewal may start on ${renewsAt?.slice(0, 10)}`,
    }),
  );
  return [...lines.map((line) => ({ ...line, ...costs.get(line.certificate) })), ...unchanged];
}

type Found = {
  readonly certificate: CertificateConfig;
  readonly record: CertificateRecord;
  readonly need: Needs;
};

/** One that cannot be looked at does not affect the others. */
async function lookAtAll(
  { clock, config, ledger, log }: CheckPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish | null,
  {
    listing,
    recalls,
    unread,
  }: {
    readonly listing: Listing | null;
    readonly recalls: Recalls;
    readonly unread: Map<string, unknown>;
  },
): Promise<readonly Found[]> {
  const found = await inBatches(
    wanted,
    sideBySide.concurrency,
    async (certificate): Promise<Found | null> => {
      const { id } = certificate;
      try {
        const record = wish
          ? await ledger.update(id, (current) => withWish(current, wish, clock.now()))
          : ((await ledger.read(id, listing ? { listing } : {})) ?? emptyRecord(id, clock.now()));
        const need = needsOf(config, certificate, record, clock.now(), recalls);
        return { certificate, record, need };
      } catch (error) {
        unread.set(id, notChecked(log, id, error));
        return null;
      }
    },
  );
  return found.filter((each) => each !== null);
}

/**
 * A certificate that cannot be compared is judged by its record. Issue corrects the record, since only issue may write it.
 */
async function compareAll(
  ports: CheckPorts,
  seen: readonly Found[],
  { failures, recalls }: { readonly failures: unknown[]; readonly recalls: Recalls },
): Promise<readonly Found[]> {
  return inBatches(seen, sideBySide.concurrency, async (found) => {
    try {
      const { certificate } = found;
      const record = await ports.certified(found.record);
      if (record === found.record) return found;
      const now = ports.clock.now();
      const need = toPutRight(
        needsOf(ports.config, certificate, record, now, recalls),
        record,
        now,
      );
      return { certificate, record, need };
    } catch (error) {
      failures.push(notChecked(ports.log, found.record.id, error));
      return found;
    }
  });
}

type Unread = {
  readonly unread: Map<string, unknown>;
  /** Objects that belong to no configured certificate and to no record that certkeep has written. */
  readonly strange: Map<string, unknown>;
};

type Forgotten = {
  readonly certificate: null;
  readonly record: CertificateRecord;
  readonly pieces: readonly Piece[];
};

/**
 * A certificate that left the configuration is not renewed any more, but no value of it stays published, no event unsent,
 * and nothing in a retired place.
 */
async function lookAtForgotten(
  { clock, config, ledger, log }: CheckPorts,
  listing: Listing,
  { unread, strange }: Unread,
): Promise<readonly Forgotten[]> {
  const configured = new Set(config.certificates.map(({ id }) => id));
  const found: Forgotten[] = [];
  const ids = [...listing.keys()].filter((id) => !configured.has(id));
  await eachOf(ids, sideBySide, async (id) => {
    try {
      const record = await ledger.read(id, { most: mostBytes.small, listing });
      if (!record) return;
      const pieces = leftoverPiecesOf(config, record, clock.now());
      found.push({ certificate: null, record, pieces });
    } catch (error) {
      // Anybody may have written it: no certificate that is kept depends on it.
      if (isUnreadable(error)) strange.set(id, error);
      else unread.set(id, notChecked(log, id, error));
    }
  });
  return found;
}

/** Without the listing every object is requested, and certificates that left the configuration wait for the next check. */
async function listingOf(
  { ledger }: Pick<CheckPorts, 'ledger'>,
  failures: unknown[],
): Promise<Listing | null> {
  try {
    return await ledger.list();
  } catch (error) {
    failures.push(error);
    return null;
  }
}

/** Without them each certificate is asked about in its own time. */
async function recallsOf(
  { recallBook }: Pick<CheckPorts, 'recallBook'>,
  failures: unknown[],
): Promise<Recalls> {
  try {
    return await recallBook.read();
  } catch (error) {
    failures.push(error);
    return noRecalls;
  }
}

/** A bus that accepts nothing fails the run in the end: then nobody is told anything, and an alarm has to. */
async function tellAll(
  ports: CheckPorts,
  found: readonly Pick<Found | Forgotten, 'certificate' | 'record'>[],
  failures: unknown[],
): Promise<void> {
  const untold: CertificateRecord[] = [];
  await eachOf(found, sideBySide, async ({ certificate, record }) => {
    try {
      const told = certificate ? await tell(ports, certificate, record) : record;
      if (told.outbox.length > 0) untold.push(told);
    } catch (error) {
      failures.push(notChecked(ports.log, record.id, error));
    }
  });
  failures.push(...(await flushOutboxes(ports, untold)).failures);
}

/** A run's error is a few lines; the log has one line for each. */
const mostInSummary = 5;

function summaryOf(failures: readonly unknown[]): string {
  const first = failures.slice(0, mostInSummary).map(errorMessage);
  const more = failures.length - first.length;
  return [...first, ...(more > 0 ? [`and ${more} more, which the log names`] : [])].join('; ');
}

/** One line: there may be thousands. */
function logStrange(log: Log, strange: ReadonlyMap<string, unknown>): void {
  const [first = '', ...rest] = [...strange.values()].map(errorMessage);
  const reason = `${first.slice(0, 1_000)}${rest.length > 0 ? `; and ${rest.length} more` : ''}`;
  const outcome = errorName([...strange.values()][0]);
  log.warn('records that belong to no certificate cannot be read', {
    stage: 'check',
    outcome,
    reason,
    certificates: [...strange.keys()].slice(0, mostInSummary).join(', '),
  });
}

function notChecked(log: Log, certificate: string, error: unknown): unknown {
  const fields = { outcome: errorName(error), reason: errorMessage(error) };
  log.error('certificate not checked', { stage: 'check', certificate, ...fields });
  return error;
}

/** Computed before anything is written: a refusal covers the whole request. */
async function costsOf(
  { budgetBook, clock, config, ledger }: CheckPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish,
): Promise<ReadonlyMap<string, Pick<CheckLine, 'takes'>>> {
  const { issuers } = config;
  const now = clock.now();
  const seen = await inBatches(wanted, sideBySide.concurrency, async (certificate) => {
    const record = (await ledger.read(certificate.id)) ?? emptyRecord(certificate.id, now);
    return { certificate, record };
  });
  assertOverrides(
    seen.map(({ record }) => record),
    wish,
    now,
  );
  const candidates = seen.map(({ certificate, record }) => {
    const situation = { certificate, issuers, record, now };
    // A repeated run was already charged.
    return isDone(record, wish) ? null : candidateOf(situation, { urgency: 'urgent', from: now });
  });
  const unpaid = candidates.filter((candidate) => candidate !== null);
  const books = await readBooks(budgetBook, unpaid);
  const costs = costOfForce(unpaid, books, { clock, overrides: wish.overrides });
  return new Map(costs.map(({ certificate, takes }) => [certificate, { takes }]));
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

/** Describes a certificate for people: the work that is due, and the reason if it is not sent. */
function lineOf(
  need: Needs,
  limits: ReadonlyMap<string, string>,
  waits: ReadonlyMap<string, string>,
): CheckLine {
  const { certificate, action, issue, others } = need;
  const limit = limits.get(certificate);
  if (limit) return { certificate, action: 'wait', reason: `${need.reason}; ${limit}` };
  const told = action === 'deploy' ? others.filter(({ work }) => work.kind === 'deploy') : [issue];
  const reasons = told.map((piece) => piece && waits.get(pieceKey(piece)));
  const wait = reasons.every((reason) => reason) ? reasons[0] : null;
  if (wait) return { certificate, action: 'wait', reason: `${need.reason}; ${wait}` };
  return { certificate, action, reason: need.reason };
}

function logLine(log: Log, { certificate, action, reason }: CheckLine): void {
  if (action === 'none') return;
  log.info('checked', { stage: 'check', certificate, outcome: action, reason });
}
