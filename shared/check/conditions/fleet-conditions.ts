import type { Config } from '#shared/config/config.ts';
import { isRoundDue, type Round, type Rounds } from '#shared/deploy/drift/rounds.ts';
import type { Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import type { RegionState } from '#shared/finish/regions/regions.ts';
import type { Condition } from '#shared/status/condition.ts';
import { acmPlacesOfAll, networksOfAll } from '#shared/targets/identities.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import type { Observations } from '../observations/observations.ts';
import { type DiscoveryFacts, discoveredFindings } from './discovered.ts';
import {
  dangerMeanwhile,
  dangerOf,
  type Finding,
  judged,
  settled,
  unaffected,
  well,
} from './finding.ts';
import { placeName } from './served-at.ts';
import { alerting, watched } from './watched.ts';

/** The facts about the whole fleet, besides the records. */
export type FleetFacts = {
  readonly config: Pick<Config, 'alerts' | 'certificates' | 'discovery' | 'home' | 'installation'>;
  readonly discovered: DiscoveryFacts['discovered'];
  /** Null where they could not be read. */
  readonly proofs: Proofs | null;
  readonly rounds: Rounds | null;
  readonly observations: Observations;
  readonly alertAgeMs: number | null;
  readonly regions: Readonly<Record<string, RegionState>>;
  /** The failures of this check, in sentences. */
  readonly failures: readonly string[];
  /** The conditions of all certificates. */
  readonly certificates: readonly (readonly Condition[])[];
  readonly now: Date;
};

/** A round begins every 20 to 35 minutes; a place with thousands of listeners takes longer. */
const roundWithinMs = 3 * hourMs;

/** The conditions of the installation itself. */
export function fleetConditions(
  facts: FleetFacts,
  before: readonly Condition[],
): readonly Condition[] {
  const findings = [
    checking(facts),
    overdue(facts, 'Verifying', 'ProofOverdue'),
    overdue(facts, 'Delivering', 'DeployOverdue'),
    ...lookingAtListeners(facts),
    ...permitted(facts),
    ...watched(facts),
    ...alerting(facts),
    ...copiesNotSeen(facts),
    ...discoveredFindings(facts),
  ];
  return settled(findings, before, facts.now);
}

/** One check may meet trouble of AWS that passes; the next one, ten minutes later, does what it could not do. */
const checkedWithinMs = 25 * minuteMs;

function checking({ failures, now }: FleetFacts): Finding {
  const [first] = failures;
  if (first === undefined) return well('Checking', 'every record was read');
  const more = failures.length > 1 ? `; and ${failures.length - 1} more` : '';
  const message = `check could not do everything: ${first}${more}`;
  const reason = 'CheckIncomplete';
  const patience = { ms: checkedWithinMs, reason, message, danger: dangerOf(unaffected, now) };
  const danger = dangerMeanwhile(unaffected, now);
  return { type: 'Checking', about: null, status: 'unknown', reason, message, danger, patience };
}

/** Says that one part of certkeep stands still: the certificates that wait for it count it. */
function overdue(
  { certificates, now }: FleetFacts,
  type: 'Verifying' | 'Delivering',
  reason: 'ProofOverdue' | 'DeployOverdue',
): Finding {
  const waiting = certificates.flat().filter((each) => each.reason === reason);
  const what =
    type === 'Verifying' ? 'endpoints are asked in time' : 'certificates reach their targets';
  if (waiting.length === 0) return well(type, what);
  const first = waiting.map(({ danger }) => danger).toSorted(byEnd)[0] ?? unaffected;
  const fn = type === 'Verifying' ? 'verify' : 'deploy';
  const message = `${waiting.length} targets wait for ${fn}, the longest since ${waiting.map(({ since }) => since).sort()[0]}`;
  const danger = dangerOf({ ...first, lifetimeMs: null }, now);
  return { type, about: null, status: 'false', reason, message, danger };
}

function byEnd(a: Condition['danger'], b: Condition['danger']): number {
  return (a.hurtsAt ?? '9999') < (b.hurtsAt ?? '9999') ? -1 : 1;
}

/** Says where nobody has looked at the listeners for hours: a change of one is found by looking at all in turn. */
function lookingAtListeners({ config, now, rounds }: FleetFacts): readonly Finding[] {
  if (rounds === null) return [];
  return networksOfAll(config).flatMap((place): Finding[] => {
    const round = rounds[place];
    if (!round || !isLate(round, now)) return [];
    const where = placeName(config.home, place);
    const message = `the listeners in ${where} were last looked at on ${round.seenAt}`;
    const danger = dangerOf(unaffected, now);
    const found = { type: 'Verifying', about: where, status: 'false', message, danger } as const;
    return [{ ...found, reason: 'ListenersNotLookedAt', from: round.seenAt }];
  });
}

function isLate(round: Round, now: Date): boolean {
  return isRoundDue(round, now) && addMs(new Date(round.seenAt), roundWithinMs) <= now;
}

/** Says where nobody can look at the copies, although none is known to be behind. Like the event, it waits for half an hour. */
function copiesNotSeen({ now, regions }: FleetFacts): readonly Finding[] {
  return Object.entries(regions).flatMap(([region, { certificates, reason, told }]): Finding[] => {
    if (certificates > 0 || told === null) return [];
    const message = `certkeep cannot see which copies ${region} holds${reason ? `: ${reason}` : ''}`;
    const danger = dangerOf(unaffected, now);
    const found = { type: 'Copied', about: region, status: 'unknown', message, danger } as const;
    return [{ ...found, reason: 'CopiesNotSeen', named: { region }, from: told }];
  });
}

function permitted({ config, now, proofs }: FleetFacts): readonly Finding[] {
  if (proofs === null) return [];
  return acmPlacesOfAll(config).flatMap((place): Finding[] => {
    const proof = proofs[place];
    const where = placeName(config.home, place);
    if (!proof) return [];
    const { failingSince, failure } = proof;
    if (!failure) return [well('Permitted', `the rights in ${where} suffice`, where)];
    const named = { place: where };
    const { error: reason, nextAttemptAt } = failure;
    const found = { type: 'Permitted', about: where, reason, named, nextAttemptAt } as const;
    const message = `${failure.error}: ${failure.message}`;
    const from = failingSince === null ? {} : { from: failingSince };
    return [{ ...found, message, ...judged(failure, unaffected, now), ...from }];
  });
}
