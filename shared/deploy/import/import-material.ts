import { untilAllowed } from '#shared/aws/late-rights.ts';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { secondMs } from '#shared/time/clock.ts';
import { evenly, poll, retry } from '#shared/time/waiting.ts';
import type { DeployContext } from '../context.ts';
import type { HeldCertificate, ImportRequest, ImportResult } from './acm.ts';

/** ACM is eventually consistent, ListCertificates most of all: an import may only show after some seconds. */
const readBackEveryMs = 2 * secondMs;
export const readBack = evenly(5, readBackEveryMs);

type Where = Pick<ImportRequest, 'tags' | 'isUrgent'> & {
  /** True if the ARN just got the tag on which the right to import onto it depends. */
  readonly isNewlyTagged?: boolean;
} & (
    | { readonly arn: string }
    /** `find` reads what ACM holds where no answer has given the ARN. */
    | { readonly arn: null; readonly find: () => Promise<HeldCertificate | null> }
  );

/**
 * Imports a stored version, then reads back. Where no answer came, the state of ACM decides whether it happened.
 * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, KeyStoreUnreadable, Service…
 */
export async function importMaterial(
  run: DeployContext,
  version: Version,
  where: Where,
): Promise<ImportResult> {
  const material = await materialOf(run, version.id);
  const { arn, tags, isUrgent } = where;
  const request = { arn, tags, ...material, ...(isUrgent && { isUrgent }) };
  const send = () => run.acm.import(request);
  const sent = where.isNewlyTagged ? retry(run.clock, untilAllowed, send) : send();
  const result = await sent.catch(async (error: unknown) => {
    if (isCertkeepError(error) && error.name !== 'ServiceFailed') throw error;
    const held =
      where.arn === null ? await where.find() : await run.acm.describe(where.arn, [version]);
    if (held?.fingerprintSha256 !== version.fingerprintSha256) throw error;
    return { outcome: 'imported', arn: held.arn } as const;
  });
  if (result.outcome === 'imported') await checkHeld(run, result.arn, version);
  return result;
}

/** @throws CertkeepError ImportRefused when ACM still holds something else after the wait */
async function checkHeld(run: DeployContext, arn: string, version: Version): Promise<void> {
  const held = await poll(run.clock, readBack, async () => {
    const described = await run.acm.describe(arn, [version]);
    return described?.fingerprintSha256 === version.fingerprintSha256 ? described : null;
  });
  if (held) return;
  throw new CertkeepError(
    'ImportRefused',
    `after the import ${arn} does not hold the certificate with serial ${version.serial}`,
  );
}

/** @throws CertkeepError KeyStoreUnreadable */
async function materialOf(run: DeployContext, versionId: string) {
  const stored = await run.keyStore.readVersion(run.certificate.id, versionId);
  if (!isWhole(stored)) {
    throw new CertkeepError('KeyStoreUnreadable', `version ${versionId} is not in the key store`);
  }
  const { keyPem, certificatePem, chainPem } = stored;
  return { keyPem, certificatePem, chainPem };
}
