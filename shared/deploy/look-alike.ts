import { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import type { Deployment, Version } from '#shared/ledger/record.ts';
import { lookAlikeEvent, overwrittenEvent } from './events.ts';
import { isLookAlike } from './identity.ts';
import { type DeployRun, type PlaceRun, updateRun } from './run.ts';

/** Another certificate in ACM bears the serial of ours: it is left alone, and a person hears of it. */
export async function tellLookAlike(run: PlaceRun, version: Version, arn: string): Promise<void> {
  const { certificate, place } = run;
  run.log.error('certificate with our serial that is not ours', {
    stage: 'import',
    certificate: certificate.id,
    outcome: 'LookAlikeFound',
    serial: version.serial,
    place,
    arn,
  });
  const at = run.clock.now();
  await updateRun(run, (record) =>
    withEvent(record, lookAlikeEvent(record.id, version, { place, arn, at })),
  );
}

/** Somebody else has imported over an ARN of ours, and it holds our version again. */
export async function tellOverwritten(run: DeployRun, arn: string): Promise<void> {
  const { certificate, place, version } = run;
  run.log.error('certificate of ours was imported over by somebody else', {
    stage: 'import',
    certificate: certificate.id,
    outcome: 'CertificateOverwritten',
    serial: version.serial,
    place,
    arn,
  });
  const at = run.clock.now();
  await updateRun(run, (record) =>
    withEvent(record, overwrittenEvent(record.id, version, { place, arn, at })),
  );
}

/** The endpoint serves something else than it should: what it serves may only look like ours. */
export function contradiction(
  { probe }: Pick<Deployment, 'probe'>,
  version: Version,
  message: string,
  options: { readonly once?: string } = {},
): CertkeepError {
  const { serial = null, fingerprintSha256 = null } = probe ?? {};
  const isAlike = isLookAlike({ serial, fingerprintSha256 }, version);
  return new CertkeepError(isAlike ? 'LookAlikeFound' : 'EndpointContradicted', message, options);
}
