import { CertkeepError } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { evenly, poll, type Waits } from '#shared/time/waiting.ts';
import * as acmImport from '../acm-import.ts';
import type { DeployContext, PlaceContext } from '../context.ts';
import { attemptTag, certificateTag, type HeldCertificate } from './acm.ts';
import { importMaterial, readBack } from './import-material.ts';
import { tellLookAlike } from './look-alike.ts';

/*
 * An import that creates a certificate. Its answer is the only source of the ARN, and may be lost: the import of an earlier
 * run is found by its fingerprint and our tags.
 */

const once = evenly(1, 0);

/** Returns the ARN that holds the desired version, after writing it to the record. */
export async function importNew(run: DeployContext): Promise<string> {
  const { certificate, clock, installation, mine, place, version } = run;
  const versionId = version.id;
  const settled = (arn: string) =>
    mine.update((record) => acmImport.settled(record, place, { arn, versionId, at: clock.now() }));
  const found = await findVersion(run, version, once);
  if (found) {
    await settled(found.arn);
    return found.arn;
  }
  const begun = { versionId, at: clock.now() };
  await mine.update((record) => acmImport.newImportBegun(record, place, begun));
  const result = await importMaterial(run, version, {
    arn: null,
    tags: {
      [certificateTag]: certificate.id,
      [attemptTag]: versionId,
      [managedTag]: installation,
    },
    find: () => findVersion(run, version),
  });
  if (result.outcome !== 'imported') throw new CertkeepError('ImportRefused', result.detail);
  const { arn } = result;
  await settled(arn);
  const twin = await findTwin(run, version, arn);
  if (twin) {
    const known = { arn: twin.arn, at: clock.now() };
    await mine.update((record) => acmImport.twinFound(record, place, known));
  }
  return arn;
}

/** Finds an earlier run's import by its fingerprint and our tags; a look-alike is reported. */
export async function findVersion(
  run: PlaceContext,
  version: Version,
  waits: Waits = readBack,
): Promise<HeldCertificate | null> {
  const lookAlikes = new Set<string>();
  const found = await poll(run.clock, waits, async () => {
    const { held, lookAlikes: seen } = await run.acm.find(wantedBy(run, version));
    for (const arn of seen) lookAlikes.add(arn);
    return held;
  });
  for (const arn of lookAlikes) await tellLookAlike(run, version, arn);
  return found;
}

/**
 * Finds the same version at a second ARN: a first import that was executed twice creates two, and the answer names one. The
 * list shows both as soon as it shows either.
 */
export async function findTwin(
  run: PlaceContext,
  version: Version,
  arn: string,
): Promise<HeldCertificate | null> {
  const listed = await findVersion(run, version);
  if (!listed || listed.arn !== arn) return listed;
  return (await run.acm.find({ ...wantedBy(run, version), except: arn })).held;
}

function wantedBy(
  { installation, certificate }: Pick<PlaceContext, 'installation' | 'certificate'>,
  { serial, fingerprintSha256, names, notAfter }: Version,
) {
  const identity = { serial, fingerprintSha256 };
  const ours = { installation, certificate: certificate.id };
  return { ...identity, ...ours, names, notAfter: new Date(notAfter) };
}
