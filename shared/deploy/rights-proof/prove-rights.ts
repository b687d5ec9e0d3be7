import type { Config } from '#shared/config/config.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import { type Place, parsePlaceKey } from '#shared/place.ts';
import type { ProofWork } from '#shared/queues/work.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import type { Clock } from '#shared/time/clock.ts';
import { type Invocation, leaseUntil } from '#shared/time/invocation.ts';
import type { CertificateManager } from '../import/acm.ts';
import { attemptProof } from './attempt-proof.ts';
import { decideProof, type ProofDecision } from './decide-proof.ts';
import { untoldEvent } from './not-proven-event.ts';
import { begun, failed, noProof, type Proofs, proven, told, withProof } from './proofs.ts';
import { rightsDigest } from './rights-digest.ts';

export type ProofPorts = {
  readonly installation: string;
  readonly config: Config;
  readonly proofs: SharedObject<Proofs>;
  readonly certificateManagerFor: (place: Place) => CertificateManager;
  readonly throwawayArnsFor: (place: Place) => () => Promise<readonly string[]>;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

export type ProofOutcome =
  | Exclude<ProofDecision, { outcome: 'due' }>
  | { readonly outcome: 'nothing-to-do' }
  | { readonly outcome: 'failed'; readonly error: string; readonly message: string };

/**
 * Proves in one place, with the rights of the function itself, that renewals will be allowed there: otherwise the condition
 * on `aws:ResourceTag` first matters at a renewal, 60 days after the installation. A failure is written down with its next
 * attempt, reported to people and not thrown.
 * @throws CertkeepError LedgerConflict
 */
export async function proveRights(
  ports: ProofPorts,
  { place, again = false }: Pick<ProofWork, 'place' | 'again'>,
  invocation: Invocation,
): Promise<ProofOutcome> {
  const { clock, config, log } = ports;
  const isKnown = placesOfAll(config).includes(place) && !parsePlaceKey(place).store;
  if (!isKnown) return { outcome: 'nothing-to-do' };
  const decision = await begin(ports, { place, again }, invocation);
  if (decision.outcome !== 'due') return decision;
  const since = clock.now();
  const fields = { stage: 'import', place } as const;
  try {
    await attemptProof({
      ...ports,
      acm: ports.certificateManagerFor(parsePlaceKey(place)),
      throwawayArns: ports.throwawayArnsFor(parsePlaceKey(place)),
    });
  } catch (error) {
    const failure = { error: errorName(error), message: errorMessage(error) };
    log.error('rights not proven', { ...fields, outcome: failure.error, reason: failure.message });
    await writeFailure(ports, place, error);
    return { outcome: 'failed', ...failure };
  }
  const now = clock.now();
  await ports.proofs.update((all) => withProof(all, place, () => proven(rightsDigest, now)));
  const durationMs = now.getTime() - since.getTime();
  log.info('rights proven', { ...fields, outcome: 'proven', reason: decision.reason, durationMs });
  return { outcome: 'proven', at: now.toISOString() };
}

/** Written before anything is imported, so that two runs do not take each other's certificate for a leftover. */
async function begin(
  { clock, proofs }: ProofPorts,
  { place, again }: { readonly place: string; readonly again: boolean },
  invocation: Invocation,
): Promise<ProofDecision> {
  const holder = invocation.id;
  let decision: ProofDecision | undefined;
  await proofs.update((all) => {
    decision = decideProof(all[place], clock.now(), { again, holder });
    if (decision.outcome !== 'due') return all;
    return withProof(all, place, (proof) => begun(proof, holder, leaseUntil(invocation)));
  });
  return decision ?? { outcome: 'busy', until: clock.now() };
}

async function writeFailure(ports: ProofPorts, place: string, error: unknown): Promise<void> {
  const { bus, clock, log, proofs, retryDelaysMs } = ports;
  const retryAt = isCertkeepError(error) ? error.retryAt : null;
  const named = { name: errorName(error), message: errorMessage(error), retryAt };
  const now = clock.now();
  const written = await proofs.update((all) =>
    withProof(all, place, (proof) => failed(proof, named, now, retryDelaysMs)),
  );
  const event = untoldEvent(place, written[place] ?? noProof, error);
  if (!event) return;
  try {
    await bus.publish([event]);
  } catch (cause) {
    // It is reported with the next failure: the proof records who was told what.
    const fields = { stage: 'import', place, outcome: errorName(cause) } as const;
    log.warn('rights not proven, and not told', { ...fields, reason: errorMessage(cause) });
    return;
  }
  await proofs.update((all) => withProof(all, place, (proof) => told(proof, named.name)));
}
