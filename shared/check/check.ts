import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { eachOf, inBatches } from '#shared/each.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { flushOutboxes } from '#shared/ledger/outbox/outbox.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { readBooks } from '#shared/rate-limits/books.ts';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { RevocationCode } from '#shared/revocation-codes.ts';
import type { CertificateLine } from '#shared/status/status.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import type { Discovery } from './discovery/discovery.ts';
import { waitsForTurn } from './dispatch/decide-dispatch.ts';
import { type DispatchPorts, dispatch } from './dispatch/dispatch.ts';
import { dispatchRegions, type RegionPorts } from './dispatch/dispatch-regions.ts';
import { pieceKey } from './dispatch/piece.ts';
import { type Needs, secondsOf } from './dispatch/pieces-of.ts';
import { afterReading, unchangedBefore } from './known/known.ts';
import { type TellPorts, tell } from './notify.ts';
import { assertOverrides, isDone, isReplaced, type Wish } from './operator-request.ts';
import { admit } from './orders/admit.ts';
import { candidateOf } from './orders/candidate.ts';
import { costOfForce } from './orders/force-cost.ts';
import { lookAtPlaces, noPlaces, type PlacePorts, piecesOfPlaces } from './places.ts';
import {
  compareAll,
  type Forgotten,
  type Found,
  listingOf,
  lookAtAll,
  lookAtForgotten,
  notChecked,
  type ReadPorts,
  recallsOf,
  sideBySide,
  type Verified,
  verifyBookOf,
} from './read-records.ts';
import { type Before, type ReportPorts, readBefore, report } from './report.ts';
import { versionWishes, withVersions } from './version-wish.ts';

export type CheckPorts = DispatchPorts &
  RegionPorts &
  ReportPorts &
  PlacePorts &
  TellPorts &
  ReadPorts & {
    readonly budgetBook: Pick<BudgetBook, 'read'>;
    /** Absent where the configuration looks for no tags. */
    readonly discovery?: Discovery | undefined;
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
      /** Lets no renewal begin until `until`, ISO 8601. */
      readonly pause?: true | undefined;
      /** Puts `version`, or the one before, back into service, until `until` if given. */
      readonly rollback?: true | undefined;
      /** Keeps `version`, or the one in service, out of service. */
      readonly bar?: true | undefined;
      readonly unbar?: true | undefined;
      /** Has the CA revoke `version`, or the one in service, once another one is served. */
      readonly revoke?: true | undefined;
      /** Tries the next renewal at a staging directory. */
      readonly rehearse?: true | undefined;
      /** Has `resource`, which carries the tag of the certificate, get it; or takes that back. */
      readonly approve?: true | undefined;
      readonly withdraw?: true | undefined;
      /** The ARN of a tagged resource. */
      readonly resource?: string | undefined;
      readonly code?: RevocationCode | undefined;
      /** The id or the serial of a version. */
      readonly version?: string | undefined;
      readonly until?: string | undefined;
      readonly resume?: true | undefined;
      readonly reason: string;
      /** Who asks, as the caller claims. */
      readonly by?: string | undefined;
      /** Answers what a force or a revocation would take of the CA's limits, and does nothing. */
      readonly estimate?: true | undefined;
    };

/** The work that check found due, and the reason. */
export type CheckLine = {
  readonly certificate: string;
  readonly action: Needs['action'];
  readonly reason: string;
  /** For a force, and for the estimate of a revocation that needs a new certificate: the charges to the CA's limits. */
  readonly takes?: readonly string[];
};

/**
 * Looks at every certificate's record and sends the work that is due and not under way. It relies only on the ledger, so
 * any number of concurrent runs do no harm: the function that takes the work decides again under its lease.
 * @throws CertkeepError CertificateUnknown, ForceTooCostly, OverrideUsedUp, VersionNotUsable, NoRehearsal, NotDiscovered; AggregateError of what went wrong, after all
 * else is done
 */
export async function check(
  ports: CheckPorts,
  request: CheckRequest,
  invocation: Pick<Invocation, 'id'>,
): Promise<readonly CheckLine[]> {
  const wanted = wantedCertificates(ports.config, request);
  const asked = wishOf(request, invocation);
  const isForce = asked?.kind === 'force';
  if (asked?.kind === 'rehearse') assertRehearsable(ports.config, wanted);
  const wish = asked && (await withItsVersions(ports, wanted, asked));
  // A revocation itself waits for no book of limits.
  if (wish) await decideAboutFound(ports, wanted, wish);
  const hasCosts = isForce || (isEstimate(request) && asked?.kind === 'revoke');
  const costs = wish && hasCosts ? await costsOf(ports, wanted, wish) : new Map();
  if (isEstimate(request)) return wanted.map(({ id }) => estimateLine(id, costs.get(id)));
  const failures: unknown[] = [];
  const unread = new Map<string, unknown>();
  const [listing, recalls, before, book] = await Promise.all([
    listingOf(ports, failures),
    recallsOf(ports, failures),
    wish ? null : readBefore(ports, failures),
    verifyBookOf(ports, failures),
  ]);
  const turns = Math.ceil(ports.capacity.seconds.issue / secondsOf.order);
  const { quiet, waiting } = unchangedBefore(ports, { before, listing, recalls, turns });
  const unchanged = new Map([...quiet, ...waiting]);
  const changed = wanted.filter(({ id }) => !unchanged.has(id));
  const verified = verifiedBy(ports, book, before);
  const seen = await lookAtAll(ports, changed, wish, { unread, listing, recalls, verified });
  const found = wish ? seen : await compareAll(ports, seen, { failures, recalls });
  const strange = new Map<string, unknown>();
  const forgotten =
    wish || !listing ? [] : await lookAtForgotten(ports, listing, { unread, strange });
  if (strange.size > 0) logStrange(ports.log, strange);
  const places = wish ? noPlaces : await lookAtPlaces(ports, failures);
  const discovered = wish ? null : ((await ports.discovery?.look(failures)) ?? null);
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
  if (!before) await tellAll(ports, [...found, ...forgotten], failures);
  else {
    const records = found.map(({ record }) => record);
    const about = { hasUnchanged: unchanged.size > 0, book: dispatched.book };
    const regions = await dispatchRegions(ports, records, about);
    failures.push(...regions.failures);
    await tellAll(ports, [...found, ...forgotten], failures);
    const read = found.filter(({ record }, index) => record === seen[index]?.record);
    const { later } = dispatched;
    const knownAfter = afterReading(ports, { listing, later, read, recalls, unread: unchanged });
    const looks = { regions: regions.regions, discovered, ...places };
    const all = { found, unchanged, forgotten, unread, ...looks };
    await report(ports, all, { before, book, knownAfter }, failures);
  }
  const lines = needs.map((need) => lineOf(need, admitted.waits, dispatched.waits));
  for (const line of lines) logLine(ports.log, line);
  const all = [...unread.values(), ...failures];
  if (all.length > 0) throw new AggregateError(all, summaryOf(all));
  return [
    ...lines.map((line) => ({ ...line, ...costs.get(line.certificate) })),
    ...[...quiet.values()].map(quietLine),
    ...[...waiting.values()].map(waitingLine),
  ];
}

/** Where the book was lost, nobody is blamed for what stood in it: from the first check without it, time counts anew. */
function verifiedBy(
  { clock }: CheckPorts,
  book: VerifyBook | null,
  before: Before | null,
): Verified {
  const now = clock.now().toISOString();
  if (book === null) return { proofs: {}, since: now };
  const since = book.since ?? before?.observations?.verifyAwaitedSince ?? now;
  return { proofs: book.proofs, since };
}

function quietLine({ id, renewsAt }: Pick<CertificateLine, 'id' | 'renewsAt'>): CheckLine {
  const reason = `nothing has changed, and a renewal may start on ${renewsAt?.slice(0, 10)}`;
  return { certificate: id, action: 'none', reason };
}

function waitingLine({ id }: Pick<CertificateLine, 'id'>): CheckLine {
  return { certificate: id, action: 'wait', reason: waitsForTurn };
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

function isEstimate(request: CheckRequest): boolean {
  return request.certificates !== undefined && request.estimate === true;
}

function estimateLine(certificate: string, cost?: Pick<CheckLine, 'takes'>): CheckLine {
  return { certificate, action: 'none', reason: 'only an estimate: nothing was done', ...cost };
}

/** Computed before anything is written: a refusal covers the whole request. */
async function costsOf(
  ports: CheckPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish,
): Promise<ReadonlyMap<string, Pick<CheckLine, 'takes'>>> {
  const { budgetBook, clock, config } = ports;
  const { issuers } = config;
  const now = clock.now();
  const seen = await recordsOf(ports, wanted);
  assertOverrides(
    seen.map(({ record }) => record),
    wish,
    now,
  );
  const candidates = seen.map(({ certificate, record }) => {
    const situation = { certificate, issuers, record, now };
    // A repeated run was already charged.
    const isOrdered = wish.kind === 'force' || isReplaced(record, wish);
    return isDone(record, wish) || !isOrdered
      ? null
      : candidateOf(situation, { urgency: 'urgent', from: now });
  });
  const unpaid = candidates.filter((candidate) => candidate !== null);
  const books = await readBooks(budgetBook, unpaid);
  // A key that others know does not wait for a limit.
  const overrides = wish.overrides || wish.kind === 'revoke';
  const costs = costOfForce(unpaid, books, { clock, overrides });
  return new Map(costs.map(({ certificate, takes }) => [certificate, { takes }]));
}

/** Nothing is written where a rehearsal is impossible. */
function assertRehearsable(
  { noRehearsal = {} }: Pick<Config, 'noRehearsal'>,
  wanted: readonly CertificateConfig[],
): void {
  const obstacles = wanted.flatMap(({ id, issuers: [first = ''] }) =>
    noRehearsal[first] ? `${id}: ${noRehearsal[first]}` : [],
  );
  if (obstacles.length > 0) throw new CertkeepError('NoRehearsal', obstacles.join('; '));
}

/** The approval is written first: a run that dies then has a history that lacks it, and is repeated by the person. */
async function decideAboutFound(
  ports: CheckPorts,
  [certificate]: readonly CertificateConfig[],
  { kind, reason, resource }: Wish,
): Promise<void> {
  if (kind !== 'approve' && kind !== 'withdraw') return;
  if (!certificate || resource === undefined) return;
  if (!ports.discovery) {
    throw new CertkeepError('NotDiscovered', `${resource}: the configuration has no discovery`);
  }
  await ports.discovery.decide({ kind, certificate: certificate.id, resource, reason });
}

/** A refusal covers the whole request, too. */
async function withItsVersions(
  ports: CheckPorts,
  wanted: readonly CertificateConfig[],
  wish: Wish,
): Promise<Wish> {
  if (!versionWishes.some((kind) => kind === wish.kind)) return wish;
  return withVersions(wish, await recordsOf(ports, wanted), ports.clock.now());
}

function recordsOf({ clock, ledger }: CheckPorts, wanted: readonly CertificateConfig[]) {
  return inBatches(wanted, sideBySide.concurrency, async (certificate) => {
    const { id } = certificate;
    return { certificate, record: (await ledger.read(id)) ?? emptyRecord(id, clock.now()) };
  });
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
  const { by, code, override = false, reason, resource, until, version } = request;
  const kind = kinds.find((each) => request[each]) ?? 'retry';
  const end = until && { until: new Date(until) };
  return { kind, reason, overrides: override, runId: id, code, version, by, resource, ...end };
}

const kinds = [
  ...(['pause', 'resume', 'rollback', 'bar', 'unbar', 'revoke', 'rehearse'] as const),
  ...(['approve', 'withdraw'] as const),
  'force',
] as const;

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
