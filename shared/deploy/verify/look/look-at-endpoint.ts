import { familyOf } from '#shared/key-algorithm.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import type { Endpoint, Target } from '#shared/targets/target.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import { servedBefore } from '../../deployment-questions.ts';
import {
  answeredInside,
  askNames,
  fewNames,
  namesAt,
  namesInTurn,
  reachable,
  servedEndOf,
} from '../../probe/ask.ts';
import type { Probe, ProbeAnswer } from '../../probe/probe.ts';
import type { Neighbours } from '../neighbours.ts';
import type { VerifySettings } from '../settings.ts';
import { judge, type Verdict } from './judge.ts';
import type { EndpointLook } from './observation.ts';

/** The data shared by all looks at one target's endpoint in a run. */
export type Looking = {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly settings: VerifySettings;
  readonly version: Version;
  /** The record as it was when the run began. */
  readonly record: CertificateRecord;
  /** Undefined where there is no deployment. */
  readonly deployment: Deployment | undefined;
  /** How the target's changes spread, where they take minutes. */
  readonly spread?: Target['spread'];
  /** Where hosts fetch it. */
  readonly fetched?: Target['fetched'];
  /** When the service was seen to have carried out the last change; absent where it does not say so. */
  readonly settledFrom?: Date;
  readonly neighbours: Neighbours;
  /** The time at which the run first asked it. */
  readonly firstAt: Date;
};

/** The result of earlier looks. */
export type Seen = {
  /** The time since which every look has contradicted the change; null where the last one did not. */
  readonly contradictedSince: Date | null;
};

/** A certificate other than the previous one is believed after this part of the spread. */
const shareForOthers = 1 / 3;

/**
 * Asks an endpoint, and judges its answers in the light of earlier looks. It asks for a few names first: while these settle
 * nothing, the others need not be asked.
 */
export async function lookAtEndpoint(
  looking: Looking,
  endpoint: Endpoint,
  seen: Seen,
): Promise<EndpointLook> {
  const { probe, version } = looking;
  const family = familyOf(version.keyAlgorithm);
  const servernames = namesToAsk(looking, endpoint);
  const [few, rest] = [servernames.slice(0, fewNames), servernames.slice(fewNames)];
  const first = await askNames(probe, endpoint, { servernames: few, family });
  const look = lookOf(looking, first, seen);
  if (rest.length === 0 || look.verdict.outcome === 'spreading') return look;
  const isInside = answeredInside(first);
  const others = await askNames(probe, endpoint, {
    ...{ servernames: rest, family, addresses: reachable(first) },
    ...(isInside && { isInside }),
  });
  return lookOf(looking, [...first, ...others], seen);
}

/**
 * All names until a change is proven, or where the last look proved nothing; after that a few in turn. They stay the same
 * for a run, so that no look skips a name that has contradicted.
 */
function namesToAsk(
  { deployment, firstAt, settings, version }: Looking,
  endpoint: Endpoint,
): readonly string[] {
  const all = namesAt(endpoint, version.names);
  if (deployment?.state !== 'proven' || deployment.probe?.outcome !== 'proven') return all;
  const { reprobeMs } = settings;
  return namesInTurn(all, { changedAt: new Date(deployment.changedAt), now: firstAt, reprobeMs });
}

/**
 * A look that contradicts the change is not believed until another one confirms it some time later, as an address may have
 * been given to somebody else. Silence may pass as well.
 */
function lookOf(looking: Looking, answers: readonly ProbeAnswer[], seen: Seen): EndpointLook {
  const { clock, deployment, settings } = looking;
  const now = clock.now();
  const servedUntil = servedEndOf(answers);
  const verdict = judged(looking, answers);
  if (verdict.outcome !== 'contradicted') {
    const passes = verdict.outcome === 'unknown' && mayPass(looking);
    const outcome = passes ? 'spreading' : verdict.outcome;
    return { verdict: { ...verdict, outcome }, contradictedSince: null, servedUntil };
  }
  const contradictedSince = seen.contradictedSince ?? now;
  const apartMs = deployment?.state === 'proven' ? settings.patienceMs : settings.pollMs;
  const isBelieved = now >= addMs(contradictedSince, apartMs);
  const outcome = isBelieved ? verdict.outcome : 'spreading';
  return { verdict: { ...verdict, outcome }, contradictedSince, servedUntil };
}

function judged(looking: Looking, answers: readonly ProbeAnswer[]): Verdict {
  const { clock, version, record, deployment, settings } = looking;
  const reimported = reimportedUntil(looking);
  return judge({
    answers,
    expected: version,
    previous: deployment ? servedBefore(record, deployment) : null,
    neighbours: looking.neighbours,
    workedBefore: Boolean(deployment?.baselineSerial ?? deployment?.provenAt),
    settledAt: settledAtOf(looking),
    laggingUntil: reimported ?? addMs(changedAtOf(looking), settings.spreadMs),
    mayLagToItsEnd: reimported !== null,
    now: clock.now(),
  });
}

/** A re-import takes as long as the service says; null where the last change was none. */
function reimportedUntil({ deployment, spread }: Looking): Date | null {
  if (!deployment || spread?.reimportMs === undefined) return null;
  const { arn, changedAt, previous } = deployment;
  return previous !== null && previous.arn === arn
    ? addMs(new Date(changedAt), spread.reimportMs)
    : null;
}

/** An endpoint that is silent right after a change, or once after a proof, may soon answer. */
export function mayPass(looking: Looking): boolean {
  const { clock, deployment, firstAt, settings } = looking;
  const patienceMs = deployment?.state === 'proven' ? settings.patienceMs : 0;
  return clock.now() < settledAtOf(looking) || clock.now() < addMs(firstAt, patienceMs);
}

/** Until then nodes may disagree. */
function settledAtOf(looking: Looking): Date {
  return addMs(changedAtOf(looking), looking.settings.spreadMs * shareForOthers);
}

function changedAtOf({ deployment, firstAt, settledFrom }: Looking): Date {
  if (settledFrom) return settledFrom;
  return deployment ? new Date(deployment.changedAt) : firstAt;
}
