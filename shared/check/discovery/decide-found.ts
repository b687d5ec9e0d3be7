import { decided } from '#shared/discovery/approvals.ts';
import { type Discovered, discoveredIn } from '#shared/discovery/discovered.ts';
import { readInPlace } from '#shared/discovery/with-approved.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type BookPorts, bind } from './discovered-now.ts';

/** A person's decision about one resource that carries the tag of a certificate. */
export type Decision = {
  readonly kind: 'approve' | 'withdraw';
  readonly certificate: string;
  /** The ARN. */
  readonly resource: string;
  readonly reason: string;
};

/**
 * Writes down what a person decides about a tagged resource. It is about the tag that verify has last seen there: the
 * person names the certificate, so that a tag that somebody has changed since is not approved.
 * @throws CertkeepError NotDiscovered, where there is no such tag or nothing can be bound there; then nothing was written
 */
export async function decideFound(ports: BookPorts, decision: Decision): Promise<void> {
  const { clock, config } = ports;
  const { certificate, kind, reason, resource } = decision;
  const [finds, approvals] = await Promise.all([ports.finds.read(), ports.approvals.read()]);
  const seen = discoveredIn(config, finds, approvals).find(({ arn }) => arn === resource);
  const tagged = namedBy(decision, seen);
  if (kind === 'approve') {
    const reading = readInPlace(tagged, config);
    if (!reading.ok) throw refused(resource, reading.obstacle);
    if (tagged.state === 'untagged') throw refused(resource, 'it has lost its tag');
  }
  const state = kind === 'approve' ? 'approved' : 'withdrawn';
  const at = clock.now().toISOString();
  await ports.approvals.update((all) => decided(all, tagged, { state, at, reason }));
  if (kind === 'approve') await bind(ports, { ...tagged, certificate }, reason);
}

function namedBy({ certificate, resource }: Decision, seen: Discovered | undefined): Discovered {
  if (!seen) {
    throw refused(resource, 'it carries no tag of a certificate, as far as certkeep has seen');
  }
  if (seen.certificate === certificate) return seen;
  throw refused(resource, `its tag does not name ${certificate}`);
}

function refused(resource: string, why: string): CertkeepError {
  return new CertkeepError('NotDiscovered', `${resource}: ${why}`);
}
