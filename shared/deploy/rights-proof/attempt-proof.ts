import { untilAllowed } from '#shared/aws/late-rights.ts';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import type { Clock } from '#shared/time/clock.ts';
import { retry } from '#shared/time/waiting.ts';
import { type CertificateManager, certificateTag } from '../import/acm.ts';
import type { ProvenStatement } from './rights-digest.ts';
import { makeThrowaway } from './throwaway-certificate.ts';

/** Marks a throwaway certificate, which belongs to no certificate of the configuration. */
export const proofTag = 'certkeep:rights-proof';

export type AttemptPorts = {
  readonly installation: string;
  readonly acm: CertificateManager;
  /** Returns the ARNs of all certificates with the name of a throwaway one. */
  readonly throwawayArns: () => Promise<readonly string[]>;
  readonly clock: Clock;
};

/**
 * Imports a throwaway certificate with our tags, imports another one over it and deletes it, as a renewal would. A leftover
 * of an earlier run replaces the first import, so that a place is charged two imports at most however often this is
 * repeated, and one where renewing is denied.
 * @throws CertkeepError RightsNotProven, ImportRefused, ImportQuotaReached, ImportLaneFull, PlaceNotReachable, and those of
 * services
 */
export async function attemptProof(ports: AttemptPorts): Promise<void> {
  const [left, ...others] = await leftOf(ports);
  for (const arn of others) await deleteThrowaway(ports, arn);
  const arn = left ?? (await importThrowaway(ports, null));
  await importThrowaway(ports, arn);
  await deleteThrowaway(ports, arn);
  // An import of a run whose answer was lost shows up in the list late.
  for (const late of await leftOf(ports)) await deleteThrowaway(ports, late);
}

/** Returns those that are ours by their tags. */
async function leftOf({ acm, installation, throwawayArns }: AttemptPorts) {
  const ours: string[] = [];
  for (const arn of await throwawayArns()) {
    const tags = await acm.tagsOf(arn);
    const isOurs = tags[managedTag] === installation && proofTag in tags;
    if (isOurs && !(certificateTag in tags)) ours.push(arn);
  }
  return ours;
}

async function importThrowaway(ports: AttemptPorts, arn: string | null): Promise<string> {
  const { acm, clock, installation } = ports;
  const request = {
    ...makeThrowaway(clock.now()),
    arn,
    tags: arn ? {} : { [managedTag]: installation, [proofTag]: 'true' },
  };
  const statement = arn ? 'RenewOwnCertificates' : 'ImportNewCertificates';
  const result = await allowed(ports, statement, arn, () => acm.import(request));
  if (result.outcome === 'imported') return result.arn;
  throw new CertkeepError('ImportRefused', `ACM: ${arn}: ${result.detail}`);
}

async function deleteThrowaway(ports: AttemptPorts, arn: string): Promise<void> {
  const deleted = await allowed(ports, 'DeleteOwnCertificates', arn, () => ports.acm.delete(arn));
  if (deleted === 'deleted') return;
  throw new CertkeepError(
    'RightsNotProven',
    `ACM: the throwaway certificate ${arn} is in use and was not deleted; take it off what uses it`,
  );
}

async function allowed<T>(
  { clock }: AttemptPorts,
  statement: ProvenStatement,
  arn: string | null,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await retry(clock, untilAllowed, call);
  } catch (error) {
    throw isCertkeepError(error, 'ServiceDenied') ? notProven(statement, arn, error) : error;
  }
}

const whatItAllows: Readonly<Record<ProvenStatement, string>> = {
  ImportNewCertificates: 'importing a new certificate with tags',
  RenewOwnCertificates: 'importing over a certificate of our own, as every renewal does',
  DeleteOwnCertificates: 'deleting a certificate of our own',
};

function notProven(statement: ProvenStatement, arn: string | null, cause: unknown) {
  const left = arn ? `; the throwaway certificate ${arn} is still there` : '';
  return new CertkeepError(
    'RightsNotProven',
    `ACM denies ${whatItAllows[statement]} (statement ${statement}): ${errorMessage(cause)}${left}`,
    { cause },
  );
}
