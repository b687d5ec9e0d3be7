import { digestOf, isAmong, isHeldIn } from '../outbox/sent-events.ts';
import type {
  CertificateRecord,
  Deployment,
  Lease,
  LedgerEvent,
  SentBy,
} from '../record/record.ts';
import {
  emptyParts,
  ownFields,
  type PartOf,
  type Parts,
  type Verdict,
  verdictFieldNames,
} from './part.ts';
import { deployRetried, issueRetried, verifyRetried } from './retried.ts';
import { leaseOwner, mayTell, type Writer, writers } from './writers.ts';

/** Returns the objects of all writers, with the wish to try again applied. */
export function partsFollowing(id: string, stored: Parts): PartOf {
  const empty = emptyParts(id);
  const parts = Object.fromEntries(
    writers.map((writer) => [writer, stored[writer] ?? empty[writer]]),
  ) as PartOf;
  const { retried } = parts.check;
  if (retried === null) return parts;
  const { at, run } = retried;
  const { issue, deploy, verify } = parts;
  return {
    ...parts,
    issue: issue.heardRetry === run ? issue : issueRetried(issue, at),
    deploy: deploy.heardRetry === run ? deploy : deployRetried(deploy, at),
    verify: verify.heardRetry === run ? verify : verifyRetried(verify, at),
  };
}

/**
 * Builds the record of a certificate as one of the functions reads it: the data of each writer, verdicts only about
 * deployments in their present state, and an outbox with the events that the reader sends. Pure.
 */
export function joined(id: string, parts: PartOf, reader: Writer): CertificateRecord {
  const { check, deploy, issue, sync, verify } = parts;
  return {
    schemaVersion: 1,
    id,
    updatedAt:
      writers
        .map((writer) => parts[writer].updatedAt)
        .toSorted()
        .at(-1) ?? '',
    ...picked(issue, ownFields.issue),
    ...picked(check, ownFields.check),
    forced: check.forced?.at === issue.answeredForce ? null : check.forced,
    imports: deploy.imports,
    deployments: judged(deploy, verify),
    replicas: sync.replicas,
    leases: { ...leasesOf(issue.leases, 'issue'), ...leasesOf(deploy.leases, 'deploy') },
    outbox: untoldFor(reader, parts),
    sentEvents: sentOf(reader, parts),
    history: writers
      .flatMap((writer) => parts[writer].history)
      .toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at))),
  };
}

function picked<Part extends object, Name extends keyof Part>(
  part: Part,
  names: readonly Name[],
): Pick<Part, Name> {
  const held = names.filter((name) => name in part).map((name) => [name, part[name]] as const);
  return Object.fromEntries(held) as Pick<Part, Name>;
}

/** Combines deploy's state of each deployment with verify's verdict on that very state. */
function judged({ deployments, revisions }: PartOf['deploy'], { verdicts }: PartOf['verify']) {
  const all = Object.entries(deployments).map(([key, each]): [string, Deployment] => {
    const verdict = verdicts[key];
    const isOfThis = verdict !== undefined && verdict.revision === revisions[key];
    return [key, isOfThis ? withVerdict(each, verdict) : each];
  });
  return Object.fromEntries(all);
}

function withVerdict(deployment: Deployment, verdict: Verdict): Deployment {
  if (deployment.nextProbeAt === null || !askedStates.includes(deployment.state)) return deployment;
  if (!verdictStates.includes(verdict.state)) return deployment;
  const { failure, ...seen } = picked(verdict, verdictFieldNames);
  const own = { ...deployment, ...seen };
  // Verify counts what it cannot ask, and forgets it with a proof.
  return verdict.state === 'unknown' || verdict.state === 'proven' ? { ...own, failure } : own;
}

/** A target in another state, or without a time for verify, belongs to deploy: a verdict on it does not count. */
const askedStates: readonly Deployment['state'][] = ['awaiting-proof', 'proven', 'unknown'];
const verdictStates: readonly Deployment['state'][] = [...askedStates, 'contradicted'];

function leasesOf(leases: Readonly<Record<string, Lease>>, owner: Writer) {
  return Object.fromEntries(Object.entries(leases).filter(([name]) => leaseOwner(name) === owner));
}

/** Lists the sent events with their senders. For alert this includes events that a run has just sent and not noted yet. */
function sentOf(reader: Writer, parts: PartOf): SentBy[] {
  return writers.flatMap((by) => {
    const { outbox, sent, updatedAt: at } = parts[by];
    const leaving = reader === 'alert' && by !== 'alert' ? outbox : [];
    return [
      ...sent.map((event) => ({ ...event, by })),
      ...leaving.map((event) => ({ id: event.id, digest: digestOf(event), at, by })),
    ];
  });
}

/** Check sends what others have not sent, and sync copies it; every other function sends its own events. */
function untoldFor(reader: Writer, parts: PartOf): LedgerEvent[] {
  if (reader !== 'check' && reader !== 'sync') return [...untoldBy(reader, parts)];
  const own = writers.flatMap((writer) => untoldBy(writer, parts));
  return own.filter((event, index) => own.findIndex(({ id }) => id === event.id) === index);
}

/** Returns the events that a writer still has to send, without those that check has sent since. */
function untoldBy(writer: Writer, parts: PartOf): readonly LedgerEvent[] {
  if (writer === 'alert') return givenBack(parts);
  const { outbox } = parts[writer];
  const { acknowledged } = parts.check;
  return outbox.filter((event) => mayTell(writer, event) && !isAmong(acknowledged, event));
}

/**
 * Returns events that alert could not deliver, where another writer's object holds them and check has not sent them again
 * since.
 */
function givenBack(parts: PartOf): readonly LedgerEvent[] {
  const sent = sentOf('alert', parts);
  return parts.alert.outbox.filter((event) => !isSentAgain(parts, event) && isHeldIn(sent, event));
}

/** Says whether check has sent an event again since alert gave it back. */
export function isSentAgain({ alert, check }: PartOf, event: LedgerEvent): boolean {
  const at = alert.givenBack[event.id] ?? '';
  const since = [...check.acknowledged, ...check.sent].filter((each) => each.at > at);
  return isAmong(since, event);
}
