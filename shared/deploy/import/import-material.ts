import { untilAllowed } from '#shared/aws/late-rights.ts';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { secondMs } from '#shared/time/clock.ts';
import { evenly, poll, retry } from '#shared/time/waiting.ts';
import type { DeployRun, PlaceRun } from '../run.ts';
import type { HeldCertificate, ImportRequest, ImportResult } from './acm.ts';
import { tellLookAlike } from './look-alike.ts';

/** ACM is eventually consistent, ListCertificates most of all: an import may show after some seconds. */
export const readBackTries = 5;
const readBackEveryMs = 2 * secondMs;

type Where = Pick<ImportRequest, 'arn' | 'tags' | 'isUrgent'> & {
  /** It has just got the tag that the right to import onto it goes by. */
  readonly isNewlyTagged?: boolean;
};

/**
 * Imports a stored version, then reads back. Where no answer came, what ACM holds decides whether it
 * happened.
 * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, KeyStoreUnreadable, Service…
 */
export async function importMaterial(
  run: DeployRun,
  version: Version,
  { isNewlyTagged = false, ...where }: Where,
): Promise<ImportResult> {
  const material = await materialOf(run, version.id);
  const send = () => run.acm.import({ ...where, ...material });
  const sent = isNewlyTagged ? retry(run.clock, untilAllowed, send) : send();
  const result = await sent.catch(async (error: unknown) => {
    if (isCertkeepError(error) && error.name !== 'ServiceFailed') throw error;
    const held = where.arn
      ? await run.acm.describe(where.arn, [version])
      : await findVersion(run, version, readBackTries);
    if (held?.fingerprintSha256 !== version.fingerprintSha256) throw error;
    return { outcome: 'imported', arn: held.arn } as const;
  });
  if (result.outcome === 'imported') await readBack(run, result.arn, version);
  return result;
}

/** @throws CertkeepError ImportRefused when ACM goes on holding something else */
async function readBack(run: DeployRun, arn: string, version: Version): Promise<void> {
  const held = await poll(run.clock, evenly(readBackTries, readBackEveryMs), async () => {
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
async function materialOf(run: DeployRun, versionId: string) {
  const stored = await run.keyStore.readVersion(run.certificate.id, versionId);
  if (!isWhole(stored)) {
    throw new CertkeepError('KeyStoreUnreadable', `version ${versionId} is not in the key store`);
  }
  const { keyPem, certificatePem, chainPem } = stored;
  return { keyPem, certificatePem, chainPem };
}

/** What an earlier run imported is found by its fingerprint and our tags; what only looks like it is told. */
export async function findVersion(
  run: PlaceRun,
  version: Version,
  tries: number,
): Promise<HeldCertificate | null> {
  const lookAlikes = new Set<string>();
  const found = await poll(run.clock, evenly(tries, readBackEveryMs), async () => {
    const { held, lookAlikes: seen } = await run.acm.find(wantedBy(run, version));
    for (const arn of seen) lookAlikes.add(arn);
    return held;
  });
  for (const arn of lookAlikes) await tellLookAlike(run, version, arn);
  return found;
}

/**
 * The same version at a second ARN: a first import that was carried out twice on its way makes two, and
 * the answer names one. The list shows both as soon as it shows either.
 */
export async function findTwin(
  run: PlaceRun,
  version: Version,
  arn: string,
): Promise<HeldCertificate | null> {
  const listed = await findVersion(run, version, readBackTries);
  if (!listed || listed.arn !== arn) return listed;
  return (await run.acm.find({ ...wantedBy(run, version), except: arn })).held;
}

function wantedBy(
  { installation, certificate }: Pick<PlaceRun, 'installation' | 'certificate'>,
  { serial, fingerprintSha256, names, notAfter }: Version,
) {
  const identity = { serial, fingerprintSha256 };
  const ours = { installation, certificate: certificate.id };
  return { ...identity, ...ours, names, notAfter: new Date(notAfter) };
}
