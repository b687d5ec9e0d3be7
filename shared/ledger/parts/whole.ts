import { stageOf } from '../outbox/outbox.ts';
import type { CertificateRecord, LedgerEvent } from '../record/record.ts';
import { emptyParts, type PartOf } from './part.ts';
import { leaseOwner, mayTell, tellers, type Writer, writers } from './writers.ts';

/*
 * A whole record is one object with all writers' data about a certificate, certificates/<id>/record.json. It is the copy in
 * another region, and the format of earlier releases. Where a writer has written nothing yet, its fields in the whole
 * record count.
 */

/** Returns the revision of deployments that deploy has not written again since; verify refers to it. */
function revisionOf({ updatedAt }: CertificateRecord): string {
  return `whole of ${updatedAt}`;
}

/** Returns the initial state of each writer where a whole record exists. Pure. */
export function partsOf(record: CertificateRecord): PartOf {
  const empty = emptyParts(record.id);
  const shared = (writer: Writer) => ({
    ...empty[writer],
    updatedAt: record.updatedAt,
    outbox: record.outbox.filter((event) => tellerOf(event) === writer),
    // An earlier release did not note the sender: an event counts as sent by each writer that may send it.
    sent: record.sentEvents
      .filter(({ by }) => by === writer || (by === undefined && tellers.includes(writer)))
      .map(withoutBy),
    history: record.history.filter(({ stage }) => writerAt(stage) === writer),
  });
  const leases = (owner: Writer) =>
    Object.fromEntries(
      Object.entries(record.leases).filter(([name]) => leaseOwner(name) === owner),
    );
  const { desired, versions, attempt, acquireFailure, txt, renewalInfo, revocation, fallbacks } =
    record;
  const { barred, chosen, revoking, forced, expiryTold, overriddenAt, paused, retried, wishTold } =
    record;
  const { rehearsing } = record;
  const heardRetry = retried?.run ?? null;
  const keys = Object.keys(record.deployments);
  return {
    issue: {
      ...empty.issue,
      ...shared('issue'),
      ...{ desired, versions, attempt, acquireFailure, txt, renewalInfo, revocation, fallbacks },
      dueWhenIssued: record.dueWhenIssued,
      revokeTried: record.revokeTried,
      rehearsed: record.rehearsed,
      leases: leases('issue'),
      hasWhole: true,
      // The wish was applied before the whole record was written.
      heardRetry,
    },
    deploy: {
      ...empty.deploy,
      ...shared('deploy'),
      imports: record.imports,
      deployments: record.deployments,
      revisions: Object.fromEntries(keys.map((key) => [key, revisionOf(record)])),
      leases: leases('deploy'),
      heardRetry,
    },
    verify: { ...empty.verify, ...shared('verify'), heardRetry },
    sync: { ...empty.sync, ...shared('sync'), replicas: record.replicas },
    check: {
      ...empty.check,
      ...shared('check'),
      ...{ barred, chosen, revoking, forced, expiryTold, retried, overriddenAt, paused, wishTold },
      rehearsing,
      usesTold: usesToldOf(record),
    },
    alert: { ...empty.alert, ...shared('alert') },
  };
}

/** Builds the whole record again. An earlier release reads it as its own record. */
export function wholeOf(record: CertificateRecord): object {
  const imports = Object.entries(record.imports).map(([place, entry]) => {
    const retired = entry.retired.map((each) => {
      const told = record.usesTold[each.arn];
      const isOfThis = each.use !== undefined && told?.since === each.use.since;
      return isOfThis ? { ...each, use: { ...each.use, told: told.threshold } } : each;
    });
    return [place, { ...entry, retired }] as const;
  });
  const { barred, chosen, overriddenAt, paused, rehearsed, rehearsing, revokeTried, ...rest } =
    record;
  const { revoking, ...others } = rest;
  return {
    ...others,
    // Releases before take null for no time.
    ...(overriddenAt !== null && { overriddenAt }),
    ...(paused !== null && { paused }),
    ...(chosen !== null && { chosen }),
    ...(barred.length > 0 && { barred }),
    ...(revoking !== null && { revoking }),
    ...(revokeTried !== null && { revokeTried }),
    ...(rehearsing !== null && { rehearsing }),
    ...(rehearsed !== null && { rehearsed }),
    writeIds: [],
    imports: Object.fromEntries(imports),
  };
}

function withoutBy<Sent extends { readonly by?: string | undefined }>({ by: _, ...sent }: Sent) {
  return sent;
}

/** An earlier release kept this beside the ARN. */
function usesToldOf({ imports, usesTold }: CertificateRecord): CertificateRecord['usesTold'] {
  const kept = Object.values(imports).flatMap(({ retired }) =>
    retired.flatMap(({ arn, use }) => {
      const told = (use as { readonly told?: number | null } | undefined)?.told;
      return use && told !== undefined
        ? [[arn, { since: use.since, threshold: told }] as const]
        : [];
    }),
  );
  return { ...Object.fromEntries(kept), ...usesTold };
}

/** Returns the writer that works at a stage. */
export function writerAt(stage: string): Writer {
  switch (stage) {
    case 'issue':
    case 'store':
      return 'issue';
    case 'import':
    case 'rebind':
      return 'deploy';
    default:
      return writers.find((writer) => writer === stage) ?? 'check';
  }
}

/** Returns the writer of an event: among those that may send it, the one at whose stage it arose. */
export function tellerOf(event: LedgerEvent): Writer {
  const owner = writerAt(stageOf(event));
  if (mayTell(owner, event)) return owner;
  return writers.find((writer) => mayTell(writer, event)) ?? 'check';
}
