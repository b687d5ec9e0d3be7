import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Attempt, TxtIntent } from '#shared/ledger/record.ts';
import type { Acquisition } from './attempt.ts';
import { isDoubted } from './beforehand.ts';
import { waitUntilServed } from './dns/propagation.ts';
import { type Solver, waitUntilPublished } from './solvers/solver.ts';

/**
 * Publishes challenge values, with the intents in the ledger before, and returns when a CA can see them: when
 * the DNS service says so, and the zone's own name servers have them; or, over HTTP, when what answers has them.
 */
export async function publish(
  acquisition: Acquisition,
  attempt: Attempt,
  intents: readonly TxtIntent[],
): Promise<void> {
  const { certificate, clock, ledger, pollMs, solvers, waitUntil } = acquisition;
  await ledger.update(certificate.id, (record) => ({
    ...record,
    txt: [
      ...record.txt.filter((known) => !intents.some((intent) => same(known, intent))),
      ...intents,
    ],
  }));
  const owner = { certificate: certificate.id, attemptId: attempt.id };
  const changes = [];
  for (const [zone, records] of Map.groupBy(
    intents,
    ({ solver, zoneId }) => `${solver} ${zoneId}`,
  )) {
    const first = records[0] as TxtIntent;
    const solver = solvers.byKey(first.solver);
    if (!solver) throw new CertkeepError('SolverMissing', `no solver for zone ${zone}`);
    changes.push({ solver, records, handle: await solver.publish(first.zoneId, records, owner) });
  }
  for (const { solver, handle } of changes) {
    await waitUntilPublished(solver, handle, clock, { everyMs: pollMs, deadline: waitUntil });
  }
  for (const { solver, records } of changes) {
    if (solver.proveServed) await untilProven(acquisition, solver.proveServed, records);
    else await untilServed(acquisition, attempt, solver, records);
  }
  acquisition.log.info('challenge values published', {
    stage: 'issue',
    certificate: certificate.id,
    values: intents.length,
  });
}

function same(a: TxtIntent, b: TxtIntent): boolean {
  return a.zoneId === b.zoneId && a.name === b.name && a.value === b.value;
}

/**
 * What answers without the value would fail at the CA for sure. Where nothing answers certkeep, the CA may still get
 * through, and is asked now and then.
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
  if (proof.kind === 'missing' || !isDoubted(failures)) {
    throw new CertkeepError('ChallengeNotServed', proof.what);
  }
  log.warn('the CA is asked although nothing answers certkeep', {
    stage: 'issue',
    certificate: certificate.id,
    reason: proof.what,
  });
}

/** A name server that never gets the values must not hold up a certificate for ever: the CA decides then. */
const longestProofMs = 30 * minuteMs;

async function untilServed(
  { certificate, clock, dns, log, pollMs, waitUntil }: Acquisition,
  attempt: Attempt,
  solver: Solver,
  values: readonly TxtIntent[],
): Promise<void> {
  const fields = { stage: 'issue', certificate: certificate.id } as const;
  const waiting = { dns, clock, everyMs: pollMs, deadline: waitUntil };
  try {
    if (await waitUntilServed(values, waiting)) return;
  } catch (error) {
    const isOld = addMs(new Date(attempt.startedAt), longestProofMs) < clock.now();
    if (!isCertkeepError(error, 'DnsChangeTimedOut') || !isOld) throw error;
    log.warn('the CA is asked before all name servers have the values', {
      ...fields,
      reason: errorMessage(error),
    });
    return;
  }
  log.warn('the name servers of the zone cannot be asked', {
    ...fields,
    reason: `the CA is asked ${solver.settleMs} ms after the change`,
  });
  await settle(clock, solver.settleMs, waitUntil);
}

async function settle(clock: Clock, settleMs: number, waitUntil: Date): Promise<void> {
  const ms = Math.min(settleMs, waitUntil.getTime() - clock.now().getTime());
  if (ms > 0) await clock.sleep(ms, deadlineSignal());
}
