import { recordTimes } from '../record/believable.ts';
import { type Cut, cutTimes, past, type Times } from '../record/times.ts';
import { ownFields, type PartOf, verdictFieldNames } from './part.ts';
import type { Writer } from './writers.ts';

const sent = { each: { at: past } } as const;
const { deployments, leases } = recordTimes as { readonly [name: string]: { each: Times } };

function timesOf(writer: Writer): Times {
  return { updatedAt: past, sent, ...picked(recordTimes, ownFields[writer]) };
}

function picked(times: Times, names: readonly string[]): Times {
  return Object.fromEntries(Object.entries(times).filter(([name]) => names.includes(name)));
}

function without(times: Times, names: readonly string[]): Times {
  return Object.fromEntries(Object.entries(times).filter(([name]) => !names.includes(name)));
}

const partTimes: Readonly<Record<Writer, Times>> = {
  issue: { ...timesOf('issue'), leases: leases as Times },
  deploy: { ...timesOf('deploy'), leases: leases as Times },
  verify: {
    ...timesOf('verify'),
    verdicts: { each: picked(deployments?.each ?? {}, verdictFieldNames) },
  },
  sync: timesOf('sync'),
  // The time of such a wish is its name: issue answers that one, whatever it says.
  check: {
    ...without(timesOf('check'), ['forced', 'revoking', 'rehearsing']),
    acknowledged: sent,
  },
  alert: { ...timesOf('alert'), givenBack: { each: past } },
};

/** Replaces impossible times in a writer's object (record/believable.ts). The next write stores the corrected times. */
export function timelyPart<W extends Writer>(
  writer: W,
  part: PartOf[W],
  now: Date,
): Cut<PartOf[W]> {
  return cutTimes(part, partTimes[writer], now);
}
