import type { Probe } from '#shared/deploy/probe/probe.ts';
import { proofsOfRun } from '#shared/deploy/verify/run-proofs.ts';
import { type VerifyOutcome, type VerifyPorts, verify } from '#shared/deploy/verify/verify.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Invocation } from '#shared/time/invocation.ts';

type Ports = Omit<VerifyPorts, 'probeIn' | 'proofs'> & {
  /** Asks in every place. */
  readonly probe: Probe;
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
};

/** A run of verify for one certificate, which keeps its proofs as the function does. */
export async function verifyRun(
  ports: Ports,
  id: string,
  invocation: Invocation,
): Promise<VerifyOutcome> {
  const proofs = proofsOfRun(s3VerifyBook(ports.objects), ports.clock);
  const done = await verify({ ...ports, probeIn: () => ports.probe, proofs }, id, invocation);
  await proofs.write();
  return done;
}
