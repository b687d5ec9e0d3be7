import type { Clock } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { ProofQueue } from '#shared/work.ts';
import { proofsDue } from './decide-proof.ts';
import type { Proofs } from './proofs.ts';

/** Asks deploy for the proofs that are due, at the cost of one small object read. Returns their places. */
export async function sendProofs({
  clock,
  config,
  proofs,
  queues,
}: {
  readonly clock: Clock;
  readonly config: Config;
  readonly proofs: Pick<SharedObject<Proofs>, 'read'>;
  readonly queues: ProofQueue;
}): Promise<readonly string[]> {
  const due = proofsDue(config, await proofs.read(), clock.now());
  for (const place of due) await queues.send({ kind: 'prove', place }, 'rights');
  return due;
}
