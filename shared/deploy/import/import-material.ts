import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { poll } from '#shared/time/poll.ts';
import type { DeployContext } from '../context.ts';
import type { HeldCertificate, ImportRequest, ImportResult } from './acm.ts';

/** ACM is eventually consistent, ListCertificates most of all: an import may show after some seconds. */
export const readBack = { tries: 5, everyMs: 2 * secondMs };

/**
 * IAM is eventually consistent, tags that rights go by included: a right may come some seconds after its tag.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
const tagPatienceMs = 30 * secondMs;
const tagRetryEveryMs = 5 * secondMs;

type Where = Pick<ImportRequest, 'tags' | 'isUrgent'> & {
  /** It has just got the tag that the right to import onto it goes by. */
  readonly isNewlyTagged?: boolean;
} & (
    | { readonly arn: string }
    /** `find` says what ACM holds where no answer has told the ARN. */
    | { readonly arn: null; readonly find: () => Promise<HeldCertificate | null> }
  );

/**
 * Imports a stored version, then reads back. Where no answer came, what ACM holds decides whether it
 * happened.
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
  const sent = where.isNewlyTagged ? untilAllowed(run, send) : send();
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

/** Repeats what is denied while the tag may not be known yet. @throws CertkeepError ServiceDenied in the end */
async function untilAllowed<T>(
  { clock }: Pick<DeployContext, 'clock'>,
  change: () => Promise<T>,
): Promise<T> {
  const until = addMs(clock.now(), tagPatienceMs);
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!isCertkeepError(error, 'ServiceDenied') || clock.now() >= until) throw error;
      await clock.sleep(tagRetryEveryMs, deadlineSignal());
    }
  }
}

/** @throws CertkeepError ImportRefused when ACM goes on holding something else */
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
