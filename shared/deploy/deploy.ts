import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { type LeasedRecord, withLease } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import { flushOutbox } from '#shared/ledger/outbox/outbox.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { sendIfPossible } from '#shared/queues/hand-over.ts';
import type { LaterQueue, WorkQueues } from '#shared/queues/work.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { Target } from '#shared/targets/target.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type Invocation, leaseUntil } from '#shared/time/invocation.ts';
import type { DeployContext } from './context.ts';
import { decideDeploy } from './decide-deploy.ts';
import type { CertificateManager } from './import/acm.ts';
import type { Probe } from './probe/probe.ts';
import type { ArnPublisher } from './publish/arn-publisher.ts';
import { publishArn } from './publish/publish.ts';
import { decideRetire } from './retire/decide-retire.ts';
import { forgetTargets } from './retire/forget-targets.ts';
import { rollForward } from './roll-forward.ts';
import { type Slice, sliceOf } from './slice.ts';
import { comeAgain, comesAgainAt } from './turns/comes-again.ts';

export type DeployPorts = {
  readonly installation: string;
  readonly config: Config;
  readonly ledger: Ledger;
  readonly keyStore: Pick<KeyStore, 'handleOf' | 'readVersion' | 'versions'>;
  readonly certificateManagerFor: (place: Place) => CertificateManager;
  readonly publisherFor: (place: Place) => ArnPublisher;
  readonly targetsOf: (certificate: CertificateConfig) => readonly Target[];
  readonly probe: Probe;
  readonly queues: WorkQueues;
  /** Absent where no target waits for a turn. */
  readonly later?: LaterQueue | undefined;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

export type DeployOutcome =
  | { readonly outcome: 'nothing-to-do' }
  | { readonly outcome: 'waiting' | 'busy'; readonly until: Date }
  /** The keys of the targets that had to be put back. */
  | {
      readonly outcome: 'rolled-back';
      readonly targets: readonly string[];
      /** Set where other targets have work to do, for which the next run also begins at once. */
      readonly goesOn?: true;
    }
  /** The run ended by its own clock; its message starts the next run at once. */
  | { readonly outcome: 'goes-on'; readonly failed: readonly string[] }
  /** The ARNs that a retired place still holds. */
  | { readonly outcome: 'retired'; readonly left: readonly string[] }
  /** The keys of the targets that could not be brought to the desired version. */
  | { readonly outcome: 'deployed'; readonly failed: readonly string[] };

/**
 * Brings the desired version of one certificate to one place: into ACM, onto the listeners, and to verify. Targets whose
 * endpoint contradicts a change are put back first. Failures are written to the ledger with the time of the next try,
 * target by target, and are not thrown; a failed deploy is retried as a deploy, never by issuing. From a retired place it
 * removes everything of ours instead. Where there is too much for one run, its own message continues the work.
 */
export async function deploy(
  ports: DeployPorts,
  { certificate: id, place }: { readonly certificate: string; readonly place: string },
  invocation: Invocation,
): Promise<DeployOutcome> {
  const slice = sliceOf(invocation, ports.clock);
  const work = await workFor(ports, { id, place, slice });
  if (!work) return { outcome: 'nothing-to-do' };
  const lease = {
    id,
    name: `deploy:${place}`,
    holder: invocation.id,
    until: leaseUntil(invocation),
    clock: ports.clock,
    log: ports.log,
  };
  const outcome = await unlessTakenOver(ports, async () => {
    const run = await withLease(ports.ledger, lease, work);
    return run.held ? run.value : { outcome: 'busy', until: run.until };
  });
  if (goesOn(outcome)) await goOn(ports, { id, place });
  else if (ports.later) await atItsTurn({ ...ports, later: ports.later }, { id, place }, outcome);
  await flushOutbox(ports, id);
  return outcome;
}

function goesOn(outcome: DeployOutcome): boolean {
  return outcome.outcome === 'goes-on' || (outcome.outcome === 'rolled-back' && !!outcome.goesOn);
}

type Work = (mine: LeasedRecord) => Promise<DeployOutcome>;

/** Null where there is no work, so that no lease is taken and no record begun. */
async function workFor(
  ports: DeployPorts,
  { id, place, slice }: { id: string; place: string; slice: Slice },
): Promise<Work | null> {
  const { clock, config } = ports;
  if (config.retired.places.includes(place)) {
    // This also applies to a certificate that has left the configuration altogether.
    const record = await ports.ledger.read(id);
    if (!record || decideRetire(record, place, clock.now()).outcome === 'nothing') return null;
    const certificate = { id };
    const run = { ...ports, certificate, place, ...clientsIn(ports, place) };
    // Few runs need it.
    const { retire } = await import('./retire/retire.ts');
    return (mine) => retire({ ...run, mine });
  }
  const certificate = config.certificates.find((candidate) => candidate.id === id);
  // The certificate left the configuration while the message was under way.
  if (!certificate) return null;
  return (mine) => deployLeased({ ...ports, mine }, { certificate, place, slice });
}

/** A run whose lease was taken by another stops without harm: the other one continues. */
async function unlessTakenOver(
  { clock }: Pick<DeployPorts, 'clock'>,
  work: () => Promise<DeployOutcome>,
): Promise<DeployOutcome> {
  try {
    return await work();
  } catch (error) {
    if (isCertkeepError(error, 'LeaseLost')) return { outcome: 'busy', until: clock.now() };
    throw error;
  }
}

/** The ports of a run while it holds the lease. */
type LeasedPorts = Omit<DeployPorts, 'ledger'> & { readonly mine: LeasedRecord };

type Request = {
  readonly certificate: CertificateConfig;
  readonly place: string;
  readonly slice: Slice;
};

async function deployLeased(ports: LeasedPorts, request: Request): Promise<DeployOutcome> {
  const { certificate, place } = request;
  const { clock, config } = ports;
  const targets = identitiesOf(certificate, config.home);
  const record = await ports.mine.update((current) =>
    forgetTargets(current, targets, place, clock.now()),
  );
  const { rollout = null } = certificate;
  const situation = { targets, rollout, place };
  const decision = decideDeploy({ ...situation, record, now: clock.now() });
  if (decision.outcome === 'waiting') return { outcome: 'waiting', until: decision.until };
  if (decision.outcome !== 'due') return { outcome: 'nothing-to-do' };
  const run = runOf(ports, request, decision.version);
  ports.log.info('deploy due', {
    stage: 'import',
    certificate: certificate.id,
    reason: decision.reason,
    place,
  });
  if (decision.rollBack.length > 0) {
    // Few runs need it.
    const { rollBack } = await import('./rollback/roll-back.ts');
    const isCut = await rollBack(run, decision.rollBack);
    await publishArn(run);
    if (isCut) return { outcome: 'goes-on', failed: [] };
    const after = await run.mine.read();
    const next = decideDeploy({ ...situation, record: after, now: clock.now() });
    const targetsBack = { outcome: 'rolled-back', targets: decision.rollBack } as const;
    return next.outcome === 'due' ? { ...targetsBack, goesOn: true } : targetsBack;
  }
  const { failed, isCut, awaitsProof } = await rollForward(run, record, decision.open);
  // Verify needs no right to change anything.
  const verifying = { kind: 'verify', certificate: certificate.id } as const;
  if (awaitsProof) await sendIfPossible(ports, verifying, run.version.id);
  return { outcome: isCut ? 'goes-on' : 'deployed', failed };
}

function runOf(ports: LeasedPorts, request: Request, version: Version): DeployContext {
  const { certificate, place, slice } = request;
  const isHere = (each: { readonly place: Place }) => placeKey(each.place) === place;
  return {
    ...ports,
    certificate,
    place,
    slice,
    version,
    targets: ports.targetsOf(certificate).filter(isHere),
    ownResources: identitiesOf(certificate, ports.config.home)
      .filter(isHere)
      .flatMap(({ resourceArn }) => resourceArn ?? []),
    ...clientsIn(ports, place),
  };
}

function clientsIn(
  ports: Pick<DeployPorts, 'certificateManagerFor' | 'publisherFor'>,
  key: string,
): Pick<DeployContext, 'acm' | 'publisher'> {
  const place = parsePlaceKey(key);
  return { acm: ports.certificateManagerFor(place), publisher: ports.publisherFor(place) };
}

/** Sends a message that brings the work back at the turn of a target. */
async function atItsTurn(
  ports: Pick<DeployPorts, 'clock' | 'ledger' | 'log'> & { readonly later: LaterQueue },
  { id, place }: { readonly id: string; readonly place: string },
  { outcome }: DeployOutcome,
): Promise<void> {
  if (outcome === 'busy') return;
  const record = await ports.ledger.read(id);
  const at = record && comesAgainAt(outcome, { record, place }, ports.clock.now());
  if (at) await comeAgain(ports, { kind: 'deploy', certificate: id, place }, at);
}

/** Runs after the lease was returned, so that the next run finds it free. */
async function goOn(
  ports: Pick<DeployPorts, 'ledger' | 'log' | 'queues'>,
  { id, place }: { readonly id: string; readonly place: string },
): Promise<void> {
  const record = await ports.ledger.read(id);
  const open = Object.values(record?.deployments ?? {}).filter(
    (each) => each.place === place && each.nextProbeAt === null,
  );
  const why = `${record?.desired}: ${open.length} targets are open`;
  await sendIfPossible(ports, { kind: 'deploy', certificate: id, place }, why);
}
