import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { type Log, levelOf } from '#shared/log.ts';
import { sendIfPossible } from '#shared/queues/hand-over.ts';
import type { Queues, Work } from '#shared/queues/work.ts';
import { networksOfAll } from '#shared/targets/identities.ts';
import type { Held, Target } from '#shared/targets/target.ts';
import { turns } from '#shared/targets/turns.ts';
import type { Clock } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import * as deployment from '../deployment.ts';
import { sliceOf } from '../slice.ts';
import { driftOf, isSettled } from './decide-drift.ts';
import { type TargetAt, targetsIn } from './listeners.ts';
import { type Rounds, roundAt } from './rounds.ts';

export type DriftDetectionPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly rounds: SharedObject<Rounds>;
  readonly targetsOf: (certificate: CertificateConfig) => readonly LookedAt[];
  readonly queues: Queues<Work>;
  /** Looks for tags in a place, with each round; absent where nobody wants to know. */
  readonly lookForTags?: ((place: string) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly log: Log;
};

type LookedAt = Pick<Target, 'key' | 'position' | 'readHeld'>;

export type DriftDetectionOutcome = {
  /**
   * `stopped`: Elastic Load Balancing throttles us there, or cannot be reached; check asks again, and the round goes on
   * where it was.
   */
  readonly outcome: 'round-ended' | 'goes-on' | 'stopped' | 'nothing-to-do';
  /** Targets whose listener somebody has changed. */
  readonly drifted: readonly string[];
};

/**
 * Elastic Load Balancing allows an account and region ten requests a second, and those belong to the user: a round takes
 * one a second on average (userguide/elb-api-throttling.html).
 */
export const looksPerSecond = 1;
const looksAtOnce = 10;

/**
 * Looks at the listeners of a place, one after the other, to see whether they still hold what they were given. Where
 * somebody has changed one, that is written down, and deploy is asked to correct it. A run ends by its clock and continues
 * by a message.
 */
export async function detectDrift(
  ports: DriftDetectionPorts,
  place: string,
  invocation: Invocation,
): Promise<DriftDetectionOutcome> {
  const { clock, rounds } = ports;
  const { takesUntil } = sliceOf(invocation, clock);
  const round = roundAt((await rounds.read())[place], clock.now());
  const open = targetsIn(ports.config, place).filter(({ turn }) => turn >= (round.next ?? ''));
  const isKnown = networksOfAll(ports.config).includes(place);
  if (!isKnown) return { outcome: 'nothing-to-do', drifted: [] };
  if (round.next === '') await ports.lookForTags?.(place);
  // A continued run has already used its burst.
  const pace = turns(clock, looksPerSecond, round.next === '' ? looksAtOnce : 1);
  const heldBy = readOnce(pace);
  const drifted: string[] = [];
  let next: string | null = null;
  let isStopped = false;
  for (const at of open) {
    const isLate = clock.now() >= takesUntil;
    const seen = isLate ? 'no-more' : await lookAt(ports, at, heldBy);
    if (seen === 'drifted') drifted.push(at.key);
    if (seen !== 'no-more') continue;
    next = at.turn;
    isStopped = !isLate;
    break;
  }
  const seenAt = clock.now().toISOString();
  await rounds.update((all) => ({
    ...all,
    [place]: { ...all[place], begunAt: round.begunAt, next, seenAt },
  }));
  if (next === null) return { outcome: 'round-ended', drifted };
  if (isStopped) return { outcome: 'stopped', drifted };
  await sendIfPossible(ports, { kind: 'look', place }, next);
  return { outcome: 'goes-on', drifted };
}

/** Returns `no-more` where the service throttles us there, or cannot be reached. */
async function lookAt(
  ports: DriftDetectionPorts,
  { certificate: id, key, listener }: TargetAt,
  heldBy: HeldBy,
): Promise<'as-it-should-be' | 'drifted' | 'no-more'> {
  const { clock, config, ledger } = ports;
  const certificate = config.certificates.find((each) => each.id === id);
  const target = certificate && ports.targetsOf(certificate).find((each) => each.key === key);
  try {
    const record = await ledger.read(id);
    const known = record?.deployments[key];
    if (!target || !record || !isSettled(known, clock.now())) return 'as-it-should-be';
    const seen = await heldBy(listener, target).catch(nullIfGone);
    if (!seen) {
      await noteGone(ports, record, key);
      return 'as-it-should-be';
    }
    const held = { position: target.position, ...seen };
    const drift = driftOf(record, known, held, clock.now());
    if (!drift) return 'as-it-should-be';
    await noteDrift(ports, record, key, drift);
    return 'drifted';
  } catch (error) {
    return passOver(ports, id, key, error);
  }
}

type HeldBy = (listener: string, target: LookedAt) => Promise<Held>;

/** Certificates of one listener follow each other: the listener is read once for all of them. */
function readOnce(pace: { take(calls: number): Promise<void> }): HeldBy {
  let last: { readonly listener: string; readonly held: Promise<Held> } | null = null;
  return (listener, target) => {
    if (last?.listener !== listener) {
      last = { listener, held: pace.take(1).then(() => target.readHeld()) };
    }
    return last.held;
  };
}

function nullIfGone(error: unknown): null {
  if (isCertkeepError(error, 'ListenerNotFound')) return null;
  throw error;
}

/** Its clients have nothing, and nobody else looks for hours: verify asks the endpoint now, and says what clients get. */
async function noteGone(
  { clock, ledger, log, queues }: DriftDetectionPorts,
  { id, deployments }: CertificateRecord,
  key: string,
): Promise<void> {
  const seen = deployments[key];
  const now = clock.now();
  const after = await ledger.update(id, (record) => {
    const known = record.deployments[key];
    const isAsSeen = known?.changedAt === seen?.changedAt && known?.state === 'proven';
    return isAsSeen ? deployment.outOfSight(record, key, now) : record;
  });
  if (after.deployments[key]?.nextProbeAt !== now.toISOString()) return;
  log.warn('listener gone', {
    stage: 'verify',
    certificate: id,
    outcome: 'gone',
    target: seen?.endpoint?.name ?? key,
  });
  const work = { kind: 'verify', certificate: id } as const;
  await sendIfPossible({ queues, log }, work, `gone ${now.toISOString()}`);
}

/**
 * Check reports an unreadable record. A target that cannot be looked at is looked at with the next round, and does not affect
 * the others.
 * @throws the error of a run that is over
 */
function passOver(
  { log }: DriftDetectionPorts,
  certificate: string,
  target: string,
  error: unknown,
) {
  deadlineSignal()?.throwIfAborted();
  log[levelOf(error)]('listener not looked at', {
    stage: 'verify',
    certificate,
    outcome: errorName(error),
    reason: errorMessage(error),
    target,
  });
  const isOfAll =
    isCertkeepError(error, 'PlaceNotReachable') || isCertkeepError(error, 'ServiceThrottled');
  return isOfAll ? 'no-more' : 'as-it-should-be';
}

async function noteDrift(
  { log, ledger, queues }: DriftDetectionPorts,
  { id, deployments }: CertificateRecord,
  key: string,
  drift: NonNullable<Deployment['drift']>,
): Promise<void> {
  const seen = deployments[key];
  log.warn('listener changed by somebody', {
    stage: 'verify',
    certificate: id,
    outcome: 'drifted',
    reason: drift.holds,
    target: seen?.endpoint?.name ?? key,
  });
  await ledger.update(id, (record) => {
    const now = record.deployments[key];
    // Deploy has changed it meanwhile.
    if (!now || now.changedAt !== seen?.changedAt || now.nextProbeAt === null) return record;
    return deployment.drifted(record, key, drift);
  });
  const work = { kind: 'deploy', certificate: id, place: seen?.place ?? '' } as const;
  await sendIfPossible({ queues, log }, work, `drift ${drift.seenAt}`);
}
