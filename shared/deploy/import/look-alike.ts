import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { Deployment, Version } from '#shared/ledger/record/record.ts';
import { disturbed } from '../acm-import.ts';
import type { DeployContext, PlaceContext } from '../context.ts';
import { lookAlikeEvent, overwrittenEvent } from '../events.ts';
import { isLookAlike } from '../probe/identity.ts';

/** Another certificate in ACM has the serial of ours: it is left alone, and a person hears of it. */
export async function tellLookAlike(
  run: PlaceContext,
  version: Version,
  arn: string,
): Promise<void> {
  await tell(run, version, {
    arn,
    name: 'LookAlikeFound',
    message: 'certificate with our serial that is not ours',
    event: lookAlikeEvent,
  });
}

/** Somebody else imported over our ARN, and it holds our version again. */
export async function tellOverwritten(run: DeployContext, arn: string): Promise<void> {
  await tell(run, run.version, {
    arn,
    name: 'CertificateOverwritten',
    message: 'certificate of ours was imported over by somebody else',
    event: overwrittenEvent,
  });
}

type Found = {
  readonly arn: string;
  readonly name: ErrorName;
  readonly message: string;
  readonly event: typeof lookAlikeEvent;
};

async function tell(
  run: PlaceContext,
  version: Version,
  { arn, name, message, event }: Found,
): Promise<void> {
  const { certificate, clock, place } = run;
  const { serial } = version;
  const fields = { stage: 'import', certificate: certificate.id, serial, place, arn } as const;
  run.log.error(message, { ...fields, outcome: name });
  const at = clock.now();
  const incident = { at: at.toISOString(), error: name, arn };
  await run.mine.update((record) =>
    withEvent(disturbed(record, place, incident), event(record.id, version, { place, arn, at })),
  );
}

/** Describes what a wrong endpoint serves, which may only look like our certificate. */
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
