import { s3Approvals } from '#shared/discovery/approvals.ts';
import { s3Finds } from '#shared/discovery/found.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { type Decision, decideFound } from './decide-found.ts';
import { type BookPorts, type DiscoveredNow, lookAtDiscovered } from './discovered-now.ts';

/** What check does about tagged resources; it is loaded only where the configuration looks for them. */
export type Discovery = {
  look(failures: unknown[]): Promise<DiscoveredNow | null>;
  /** @throws CertkeepError NotDiscovered */
  decide(decision: Decision): Promise<void>;
};

type Ports = Omit<BookPorts, 'approvals' | 'finds'> & { readonly objects: ObjectStore };

export function discoveryIn(ports: Ports): Discovery {
  const books = {
    ...ports,
    finds: s3Finds(ports.objects),
    approvals: s3Approvals(ports.objects),
  };
  return {
    look: (failures) => lookAtDiscovered(books, failures),
    decide: (decision) => decideFound(books, decision),
  };
}
