import { awsThrowawayArns } from '#shared/deploy/rights-proof/client.ts';
import { s3Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { type ProofPorts, proveRights } from '#shared/deploy/rights-proof/prove-rights.ts';
import type { Place } from '#shared/place.ts';
import type { Foundation } from '../foundation.ts';
import type { ClientsAt } from './places.ts';

type Ports = Omit<ProofPorts, 'proofs' | 'throwawayArnsFor'> & Pick<Foundation, 'objects'>;

/** Proves the rights of a place. Deploy loads it where that is due, once after each change of a role. */
export function composeRightsProof(
  ports: Ports,
  clientsAt: ClientsAt,
): (...asked: DropFirst<Parameters<typeof proveRights>>) => ReturnType<typeof proveRights> {
  const proving = {
    ...ports,
    proofs: s3Proofs(ports.objects),
    throwawayArnsFor: (place: Place) => awsThrowawayArns(clientsAt(place)),
  };
  return (...asked) => proveRights(proving, ...asked);
}

type DropFirst<All extends readonly unknown[]> = All extends readonly [unknown, ...infer Rest]
  ? Rest
  : never;
