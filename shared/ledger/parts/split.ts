import { foreignFields } from '../ledger-object.ts';
import { isAmong, withSent } from '../outbox/sent-events.ts';
import { historyLimit } from '../record/history.ts';
import type { CertificateRecord, Deployment, LedgerEvent } from '../record/record.ts';
import { isSentAgain } from './join.ts';
import { ownFields, type PartOf, type Verdict, verdictFieldNames, verdictSchema } from './part.ts';
import { leaseOwner, type Writer, writers } from './writers.ts';

/** A change of a record: as a writer has read it, and as it shall be. */
export type Changed = {
  /** The objects of all writers from which `before` was built. */
  readonly parts: PartOf;
  readonly before: CertificateRecord;
  readonly after: CertificateRecord;
  readonly writeId: string;
  readonly now: Date;
};

/**
 * Returns the writer's own object with the change. Pure.
 * @throws Error where the change concerns another writer's data: a defect of ours
 */
export function ownPart<W extends Writer>(writer: W, changed: Changed): PartOf[W] {
  refuseForeign(writer, changed);
  return partWith(writer, changed);
}

const writeIdLimit = 16;

/** Does the same, but leaves out the parts of the change that belong to other writers. */
export function partWith<W extends Writer>(writer: W, changed: Changed): PartOf[W] {
  const { parts, after, writeId, now } = changed;
  const part = parts[writer];
  const own = Object.fromEntries(
    ownFields[writer].filter((name) => name in after).map((name) => [name, after[name]]),
  );
  return {
    ...part,
    ...own,
    ...special[writer](changed),
    ...told(writer, changed),
    heardRetry: parts.check.retried?.run ?? part.heardRetry,
    history: [...part.history, ...added(changed, 'history')].slice(-historyLimit),
    writeIds: [...part.writeIds, writeId].slice(-writeIdLimit),
    updatedAt: now.toISOString(),
  };
}

/** Fields that a writer writes in its own form. */
const special: { readonly [W in Writer]: (changed: Changed) => Partial<PartOf[W]> } = {
  issue: (changed) => ({
    leases: leasesOf('issue', changed),
    answeredForce: answeredForce(changed),
  }),
  deploy: (changed) => ({ leases: leasesOf('deploy', changed), ...deploymentsOf(changed) }),
  verify: (changed) => ({ verdicts: verdictsOf(changed) }),
  sync: () => ({}),
  check: () => ({}),
  alert: () => ({}),
};

function answeredForce({ parts, before, after }: Changed): string | null {
  const isAnswered = before.forced !== null && after.forced === null;
  return isAnswered ? (parts.check.forced?.at ?? null) : parts.issue.answeredForce;
}

function leasesOf(owner: Writer, { after }: Changed): CertificateRecord['leases'] {
  return Object.fromEntries(
    Object.entries(after.leases).filter(([name]) => leaseOwner(name) === owner),
  );
}

/** When deploy changes a deployment, it stores verify's observations with it; verify still judges the others. */
function deploymentsOf({ parts, before, after, writeId }: Changed) {
  const { deployments, revisions } = parts.deploy;
  const all = Object.entries(after.deployments).map(([key, each]) => {
    const isLeft = each === before.deployments[key];
    const [kept, revision] = [deployments[key], revisions[key]];
    return isLeft && kept && revision !== undefined
      ? { key, deployment: kept, revision }
      : { key, deployment: each, revision: writeId };
  });
  return {
    deployments: Object.fromEntries(all.map(({ key, deployment }) => [key, deployment])),
    revisions: Object.fromEntries(all.map(({ key, revision }) => [key, revision])),
  };
}

function verdictsOf({ parts, before, after }: Changed): Record<string, Verdict> {
  const { revisions } = parts.deploy;
  const all = Object.entries(after.deployments).flatMap(([key, each]): [string, Verdict][] => {
    const [known, revision] = [parts.verify.verdicts[key], revisions[key]];
    if (revision === undefined) return [];
    if (each !== before.deployments[key]) return [[key, verdictOf(each, revision, known)]];
    return known?.revision === revision ? [[key, known]] : [];
  });
  return Object.fromEntries(all);
}

function verdictOf(deployment: Deployment, revision: string, known: Verdict | undefined): Verdict {
  const seen = verdictFieldNames
    .filter((name) => name in deployment)
    .map((name) => [name, deployment[name]]);
  return {
    ...foreignFields(verdictSchema, known),
    revision,
    ...Object.fromEntries(seen),
  } as Verdict;
}

type Told = Pick<PartOf['issue'], 'outbox' | 'sent'>;

/**
 * Events that left the record's outbox were sent. The writer notes its own sent events; check also notes those of others.
 */
function told(writer: Writer, changed: Changed): Partial<Told & PartOf['check'] & PartOf['alert']> {
  const { parts, after, before, now } = changed;
  const { outbox } = parts[writer];
  const more = added(changed, 'outbox');
  if (writer === 'alert') return givenBack(parts, more, now);
  const left = new Set(after.outbox.map(({ id }) => id));
  const sent = before.outbox.filter(({ id }) => !left.has(id));
  const isOwn = ({ id }: LedgerEvent) => outbox.some((each) => each.id === id);
  // We need not keep events that check sent for us, except that they were ours.
  const elsewhere = writer === 'check' ? [] : acknowledgedIn(parts, outbox);
  const gone = [...sent.filter(isOwn), ...elsewhere];
  const own = {
    outbox: [...outbox.filter((event) => !isIn(gone, event)), ...more],
    sent: gone.length === 0 ? parts[writer].sent : withSent(parts[writer].sent, gone, now),
  };
  if (writer !== 'check') return own;
  const others = sent.filter((event) => !isOwn(event));
  return { ...own, acknowledged: withAcknowledged(parts, others, now) };
}

function isIn(events: readonly LedgerEvent[], { id }: LedgerEvent): boolean {
  return events.some((each) => each.id === id);
}

function acknowledgedIn({ check }: PartOf, outbox: readonly LedgerEvent[]): readonly LedgerEvent[] {
  return outbox.filter((event) => isAmong(check.acknowledged, event));
}

/** As long as another writer's outbox holds an event, check must know that it has sent it. */
function withAcknowledged(
  parts: PartOf,
  events: readonly LedgerEvent[],
  now: Date,
): PartOf['check']['acknowledged'] {
  const { acknowledged } = parts.check;
  const held = new Set(writers.flatMap((writer) => parts[writer].outbox.map(({ id }) => id)));
  return events.length === 0
    ? acknowledged
    : withSent(acknowledged, events, now, ({ id }) => held.has(id));
}

function givenBack(parts: PartOf, more: readonly LedgerEvent[], now: Date) {
  const { alert } = parts;
  const open = alert.outbox.filter((event) => !isIn(more, event) && !isSentAgain(parts, event));
  const times = [
    ...open.map(({ id }) => [id, alert.givenBack[id] ?? now.toISOString()]),
    ...more.map(({ id }) => [id, now.toISOString()]),
  ];
  return { outbox: [...open, ...more], givenBack: Object.fromEntries(times) };
}

/** Returns entries of `after` that `before` does not have. */
function added<Name extends 'outbox' | 'history'>(
  { before, after }: Changed,
  name: Name,
): CertificateRecord[Name] {
  const known = new Set<unknown>(before[name]);
  return (after[name] as readonly unknown[]).filter(
    (each) => !known.has(each),
  ) as CertificateRecord[Name];
}

function refuseForeign(writer: Writer, changed: Changed): void {
  const foreign = foreignChanges(writer, changed);
  if (foreign.length === 0) return;
  const named = foreign.slice(0, 5).join(', ');
  throw new Error(`${writer} does not write ${named} of ${changed.after.id}`);
}

/** Fields whose changes are checked one by one. */
const shared = ['leases', 'outbox', 'history', 'deployments', 'forced'] as const;

function foreignChanges(writer: Writer, { before, after }: Changed): readonly string[] {
  const own: readonly string[] = [...ownFields[writer], ...shared];
  const names = [
    ...new Set([...Object.keys(before), ...Object.keys(after)]),
  ] as (keyof CertificateRecord)[];
  const fields = names.filter((name) => !own.includes(name) && before[name] !== after[name]);
  const leases = Object.keys({ ...before.leases, ...after.leases }).filter(
    (name) => leaseOwner(name) !== writer && before.leases[name] !== after.leases[name],
  );
  return [
    ...fields,
    ...leases.map((name) => `leases.${name}`),
    ...(isForcedForeign(writer, before, after) ? ['forced'] : []),
    ...deploymentsForeign(writer, before, after),
  ];
}

/** Check writes a force, and issue writes that it was fulfilled. */
function isForcedForeign(
  writer: Writer,
  before: CertificateRecord,
  after: CertificateRecord,
): boolean {
  if (before.forced === after.forced || writer === 'check') return false;
  return writer !== 'issue' || after.forced !== null;
}

/** Verify writes only verdicts of deployments. */
function deploymentsForeign(
  writer: Writer,
  { deployments: before }: CertificateRecord,
  { deployments: after }: CertificateRecord,
): readonly string[] {
  if (writer === 'deploy' || before === after) return [];
  const keys = Object.keys({ ...before, ...after }).filter((key) => before[key] !== after[key]);
  if (writer !== 'verify') return keys.map((key) => `deployments.${key}`);
  return keys.flatMap((key) => {
    const [one, other] = [before[key], after[key]];
    if (!one || !other) return [`deployments.${key}`];
    const names = Object.keys({ ...one, ...other }) as (keyof Deployment)[];
    const verdicts: readonly string[] = verdictFieldNames;
    return names
      .filter((name) => !verdicts.includes(name) && one[name] !== other[name])
      .map((name) => `deployments.${key}.${name}`);
  });
}
