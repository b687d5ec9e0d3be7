import { errorMessage, isCertkeepError } from '#shared/errors.ts';
import { isAskable } from '#shared/ledger/record/asked.ts';
import type { Place } from '#shared/place.ts';
import { isThrottled } from '#shared/targets/elb-pace.ts';
import type { Target } from '#shared/targets/target.ts';
import { addMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { pause } from '#shared/time/waiting.ts';
import { endpointKnownForMs, endpointOf } from '../deployment-questions.ts';
import { groupSize, inGroups } from '../groups.ts';
import type { Probe } from '../probe/probe.ts';
import type { Slice } from '../slice.ts';
import { awaitedOfHosts } from './look/at-hosts.ts';
import { type Looking, lookAtEndpoint, mayPass } from './look/look-at-endpoint.ts';
import { lookAtHolding } from './look/look-at-holding.ts';
import type { Observation, Where } from './look/observation.ts';
import { awaited, isToBeLookedAt, wayOf } from './look/on-its-way.ts';

type Asking = Omit<Looking, 'deployment' | 'firstAt' | 'probe' | NamedByTarget | 'settledFrom'> & {
  readonly probeIn: (place: Place) => Probe;
  readonly slice: Slice;
  /** No endpoint is asked again after this time. */
  readonly waitUntil: Date;
};
type NamedByTarget = 'spread' | 'fetched';
type Asked = Pick<Target, 'key' | 'place' | 'position' | 'look' | NamedByTarget>;

/**
 * Asks all targets, a group at a time, and asks again those that are still spreading, or silent but may soon answer, until
 * they settle or the run must end. `write` gets the observations as they settle, and finally the unsettled ones. Returns
 * true if the run had no time for some targets.
 */
export async function askUntilSettled(
  asking: Asking,
  targets: readonly Asked[],
  write: (observations: readonly Observation[]) => Promise<void>,
): Promise<boolean> {
  const { clock, settings, slice, waitUntil } = asking;
  const asked = askedInTurns(asking);
  let open: readonly Asked[] = targets;
  const last = new Map<string, Observation>();
  for (let round = 1; ; round += 1) {
    const settled: Observation[] = [];
    const takesUntil = round === 1 ? slice.takesUntil : waitUntil;
    const isCut = await inGroups(open, { clock, slice: { takesUntil } }, async (group) => {
      for (const observation of await Promise.all(group.map(asked))) {
        if (isSettled(observation)) {
          settled.push(observation);
          last.delete(observation.key);
        } else last.set(observation.key, observation);
      }
      if (settled.length >= groupSize) await write(settled.splice(0));
      return 'next';
    });
    if (settled.length > 0) await write(settled);
    open = open.filter(({ key }) => last.has(key));
    const isOver = open.length === 0 || addMs(clock.now(), settings.pollMs) >= waitUntil;
    if (isOver || isCut) {
      if (last.size > 0) await write([...last.values()]);
      return isCut && round === 1;
    }
    await pause(clock, settings.pollMs);
  }
}

/** The run has nothing more to ask. */
function isSettled({ comesAgainMs, verdict }: Observation): boolean {
  return verdict.outcome !== 'spreading' || comesAgainMs !== undefined;
}

/** A run's knowledge of one target between two looks at its endpoint. */
type Turn = {
  readonly looking: Looking;
  /** Null until its listener was looked at in this run. */
  readonly found: Where | null;
  readonly contradictedSince: Date | null;
};
function askedInTurns(asking: Asking): (target: Asked) => Promise<Observation> {
  const turns = new Map<string, Turn>();
  return async (target) => {
    const turn = turns.get(target.key) ?? firstTurn(asking, target);
    const { observation: seen, found } = await ask(turn, target);
    const observation = awaitedOfHosts(turn.looking, awaited(turn.looking, seen));
    const { contradictedSince } = observation;
    turns.set(target.key, { ...turn, found, contradictedSince });
    return observation;
  };
}

function firstTurn(asking: Asking, { key, place, spread, fetched }: Asked): Turn {
  const { clock, probeIn, record } = asking;
  const deployment = record.deployments[key];
  const since = deployment?.probe?.contradictedSince;
  const probe = probeIn(place);
  return {
    looking: { ...asking, probe, deployment, spread, fetched, firstAt: clock.now() },
    found: null,
    contradictedSince: since ? new Date(since) : null,
  };
}

type Outcome = Pick<Turn, 'found'> & { readonly observation: Observation };

/**
 * The record holds the endpoint's address. Its listener is looked at where no address is known, once a day, and once before
 * any result other than a proof is believed.
 */
async function ask(turn: Turn, target: Asked): Promise<Outcome> {
  const { looking, contradictedSince } = turn;
  const { key } = target;
  const known = turn.found ?? knownOf(looking, target);
  if (!known) {
    const seen = await lookAt(turn, target);
    return 'observation' in seen ? seen : ask({ ...turn, found: seen }, target);
  }
  const look = await lookAtEndpoint(settledIn(looking, known), known, { contradictedSince });
  const observation = { key, name: known.name, where: known, ...look };
  if (turn.found || !isSettled(observation) || look.verdict.outcome === 'proven') {
    return { observation, found: turn.found };
  }
  const fresh = await lookAt(turn, target);
  if ('observation' in fresh) return fresh;
  const isSame = fresh.host === known.host && fresh.port === known.port;
  // An observation at the former address says nothing about the present one.
  if (!isSame) return ask({ looking, found: fresh, contradictedSince: null }, target);
  // The service may say now that a change is on its way.
  const where = fresh.spreadingSince === undefined ? known : fresh;
  return { found: fresh, observation: { ...observation, where, name: fresh.name } };
}

/** The usual judgement begins when the change is there. */
function settledIn(looking: Looking, { settledAt }: Where): Looking {
  return settledAt === undefined ? looking : { ...looking, settledFrom: new Date(settledAt) };
}

function knownOf({ clock, deployment }: Looking, target: Asked): Where | null {
  const known = deployment?.endpoint;
  if (!known || !isAskable(known) || isToBeLookedAt(target, deployment)) return null;
  if (addMs(new Date(known.lookedAt), endpointKnownForMs) <= clock.now()) return null;
  return known;
}

/**
 * A listener that cannot be looked at cannot be asked: the result is unknown, with the reason for people, and no proof of
 * anything. If Elastic Load Balancing throttles us, that says nothing about the endpoint: it is looked at later.
 */
async function lookAt({ looking, ...turn }: Turn, target: Asked): Promise<Where | Outcome> {
  const { key, position } = target;
  try {
    const view = await target.look();
    const now = looking.clock.now();
    const way = wayOf(view, looking.deployment?.endpoint, now);
    const seen: Where = { ...endpointOf(view, now), ...way };
    if (view.endpoint !== null) return seen;
    const held = lookAtHolding(looking, { position, view });
    return { found: null, observation: { key, name: view.name, where: seen, ...held } };
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const outcome = isThrottled(error) || mayPass(looking) ? 'spreading' : 'unknown';
    const where = looking.deployment?.endpoint ?? null;
    const nothing = { serial: null, fingerprintSha256: null, served: null };
    // A person corrects the configuration: asking from elsewhere would show nothing.
    const isGone = isCertkeepError(error, 'ListenerNotFound');
    const named = isGone ? { error: 'ListenerNotFound' as const } : {};
    const verdict = { outcome, ...nothing, detail: errorMessage(error), ...named } as const;
    const { contradictedSince } = turn;
    const seen = { verdict, contradictedSince, servedUntil: null };
    return { found: turn.found, observation: { key, name: where?.name ?? key, where, ...seen } };
  }
}
