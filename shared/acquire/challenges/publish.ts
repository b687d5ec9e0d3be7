import { waitUntilServed } from '#shared/dns/propagation.ts';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import { type ChallengeValue, type Solver, waitUntilPublished } from '#shared/solvers/solver.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';
import type { Acquisition } from '../acquisition.ts';
import { isOver, type Notes, stopIfOver, stopUnlessLeft, worthWaitingMs } from '../progress.ts';
import { overridesPreflight } from './preflight.ts';
import { withOut, zoneOf } from './values.ts';

type Out = NonNullable<TxtIntent['out']>;

/** The state of each value, as far as this run has come. */
type Values = {
  readonly all: readonly TxtIntent[];
  outOf(intent: TxtIntent): Out | null;
  /** Keeps the state for the next run as well. */
  note(intent: TxtIntent, out: Out): Promise<void>;
};

/**
 * Publishes challenge values, whose intents are in the ledger, and returns when a CA can see them: when the DNS service
 * says so, and the zone's own name servers have them; or, over HTTP, when the answering server has them. An earlier run's
 * work is not repeated.
 */
export async function publish(
  acquisition: Acquisition,
  intents: readonly TxtIntent[],
  notes: Notes,
): Promise<void> {
  const values = valuesOf(intents, notes);
  const isNew = await putOut(acquisition, values);
  if (isNew) stopUnlessLeft(acquisition, worthWaitingMs);
  await untilConfirmed(acquisition, values);
  await untilSeen(acquisition, values);
  acquisition.log.info('challenge values published', {
    stage: 'issue',
    certificate: acquisition.certificate.id,
    values: intents.length,
  });
}

function valuesOf(all: readonly TxtIntent[], notes: Notes): Values {
  const known = new Map(all.map((intent) => [intent, intent.out ?? null]));
  return {
    all,
    outOf: (intent) => known.get(intent) ?? null,
    async note(intent, out) {
      known.set(intent, out);
      await notes.add((record) => withOut(record, intent, out));
    },
  };
}

/** Returns whether any value still had to be published. */
async function putOut(acquisition: Acquisition, values: Values): Promise<boolean> {
  const missing = values.all.filter((intent) => {
    const out = values.outOf(intent);
    return out === null || out.seen === 'missing';
  });
  for (const records of Map.groupBy(missing, zoneOf).values()) {
    stopIfOver(acquisition);
    await putOutIn(acquisition, records, values);
  }
  return missing.length > 0;
}

/** @throws CertkeepError RunOutOfTime where some values are left for the next run, SolverMissing */
async function putOutIn(
  acquisition: Acquisition,
  records: readonly TxtIntent[],
  values: Values,
): Promise<void> {
  const { certificate, clock, attemptId } = acquisition;
  const { zoneId } = records[0] as TxtIntent;
  const solver = solverOf(acquisition, records[0] as TxtIntent);
  const left = new Set(records);
  const owner = { certificate: certificate.id, attemptId };
  await solver.publish(zoneId, records, owner, { isOver: () => isOver(acquisition), done });
  if (left.size > 0) stopIfOver(acquisition);

  async function done(published: readonly ChallengeValue[], handle: string): Promise<void> {
    const taken = new Set(published.map(({ value }) => value));
    for (const intent of left) {
      if (!taken.has(intent.value)) continue;
      left.delete(intent);
      // A lost value keeps its age.
      const at = values.outOf(intent)?.at ?? clock.now().toISOString();
      await values.note(intent, { at, handle });
    }
  }
}

/** Waits until the services confirm each change on their servers. */
async function untilConfirmed(acquisition: Acquisition, values: Values): Promise<void> {
  const { clock, pollMs, waitUntil } = acquisition;
  const open = values.all.filter((intent) => (values.outOf(intent)?.handle ?? null) !== null);
  const changes = Map.groupBy(open, (each) => `${zoneOf(each)} ${values.outOf(each)?.handle}`);
  for (const records of changes.values()) {
    const [first] = records as [TxtIntent];
    stopIfOver(acquisition);
    await waitUntilPublished(
      solverOf(acquisition, first),
      values.outOf(first)?.handle ?? '',
      clock,
      {
        since: new Date(Math.max(...records.map((each) => outAt(values, each, clock.now())))),
        everyMs: pollMs,
        deadline: waitUntil,
      },
    );
    for (const intent of records) {
      await values.note(intent, { ...(values.outOf(intent) as Out), handle: null });
    }
  }
}

function outAt(values: Values, intent: TxtIntent, now: Date): number {
  return Date.parse(values.outOf(intent)?.at ?? now.toISOString());
}

/** The number of values that are checked together, and noted. */
const seenTogether = 20;

async function untilSeen(acquisition: Acquisition, values: Values): Promise<void> {
  const unseen = values.all.filter((intent) => values.outOf(intent)?.seen !== 'everywhere');
  const ways = Map.groupBy(unseen, (intent) =>
    // The name servers of many zones are asked in parallel; over HTTP the listeners follow each other.
    solverOf(acquisition, intent).proveServed ? zoneOf(intent) : 'dns',
  );
  for (const intents of ways.values()) {
    for (let start = 0; start < intents.length; start += seenTogether) {
      stopIfOver(acquisition);
      const group = intents.slice(start, start + seenTogether);
      const prove = solverOf(acquisition, group[0] as TxtIntent).proveServed;
      // Otherwise a server that has only begun to answer would count as wrong.
      if (prove) stopUnlessLeft(acquisition, provingMs);
      if (prove) await untilProven(acquisition, prove, group);
      else await untilServed(acquisition, group, values);
      for (const intent of group) {
        await values.note(intent, { ...(values.outOf(intent) as Out), seen: 'everywhere' });
      }
    }
  }
}

/** How long a load balancer may take until all its nodes know a rule (alb-http01/self-check.ts). */
const provingMs = minuteMs;

function solverOf({ solvers }: Acquisition, { solver: key, zoneId }: TxtIntent): Solver {
  const solver = solvers.byKey(key);
  if (!solver) throw new CertkeepError('SolverMissing', `no solver for zone ${key} ${zoneId}`);
  return solver;
}

/**
 * A server that answers without the value would certainly fail at the CA. Where nothing answers certkeep, the CA may still
 * get through, and is asked now and then.
 */
async function untilProven(
  { certificate, clock, dns, failures, log, pollMs, waitUntil }: Acquisition,
  prove: NonNullable<Solver['proveServed']>,
  values: readonly TxtIntent[],
): Promise<void> {
  const [first] = values as readonly [TxtIntent];
  const waiting = { dns, clock, everyMs: pollMs, deadline: waitUntil };
  const proof = await prove(first.zoneId, values, waiting);
  if (proof.kind === 'served') return;
  if (proof.kind === 'missing' || !overridesPreflight(failures)) {
    throw new CertkeepError('ChallengeNotServed', proof.what);
  }
  log.warn('the CA is asked although nothing answers certkeep', {
    stage: 'issue',
    certificate: certificate.id,
    reason: proof.what,
  });
}

/** A name server that never gets the values must not delay a certificate for ever: after this time the CA decides. */
const longestProofMs = 30 * minuteMs;

/** A value that is missing for so long is written again: somebody may have removed it. */
const lostAfterMs = 10 * minuteMs;

async function untilServed(
  acquisition: Acquisition,
  intents: readonly TxtIntent[],
  values: Values,
): Promise<void> {
  const { certificate, clock, dns, log, pollMs, waitUntil } = acquisition;
  const fields = { stage: 'issue', certificate: certificate.id } as const;
  const waiting = { dns, clock, everyMs: pollMs, deadline: waitUntil };
  try {
    if (await waitUntilServed(intents, waiting)) return;
  } catch (error) {
    if (!isCertkeepError(error, 'DnsChangeTimedOut')) throw error;
    if (!intents.every((intent) => isOlder(intent, longestProofMs))) {
      for (const intent of intents.filter((each) => isOlder(each, lostAfterMs))) {
        await values.note(intent, { ...(values.outOf(intent) as Out), seen: 'missing' });
      }
      throw error;
    }
    log.warn('the CA is asked before all name servers have the values', {
      ...fields,
      reason: errorMessage(error),
    });
    return;
  }
  const settleMs = Math.max(...intents.map((each) => solverOf(acquisition, each).settleMs));
  log.warn('the name servers of the zone cannot be asked', {
    ...fields,
    reason: `the CA is asked ${settleMs} ms after the change`,
  });
  await settle(acquisition, settleMs);

  function isOlder(intent: TxtIntent, ms: number): boolean {
    return addMs(new Date(values.outOf(intent)?.at ?? clock.now()), ms) < clock.now();
  }
}

async function settle({ clock, waitUntil }: Acquisition, settleMs: number): Promise<void> {
  const ms = Math.min(settleMs, waitUntil.getTime() - clock.now().getTime());
  if (ms > 0) await pause(clock, ms);
}
