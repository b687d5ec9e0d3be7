import { CertkeepError } from '#shared/errors.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import type { CustomDomain, DomainEndpoint } from './client.ts';

/** An edge-optimized one takes about 40 minutes; of Regional ones no page says how long they take. */
const lookAgainMs = { regional: minuteMs, edge: 10 * minuteMs } as const;

/**
 * Says why the certificate of a domain name may not be replaced now; null where it may. `UPDATING` passes, and is waited for
 * like a turn.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html
 */
export function notNow(
  name: string,
  { status, statusMessage }: Pick<CustomDomain, 'status' | 'statusMessage'>,
  endpoint: DomainEndpoint,
  now: Date,
): CertkeepError | null {
  const said = statusMessage ? `: ${statusMessage}` : '';
  switch (status) {
    case 'UPDATING':
      return new CertkeepError(
        'ChangeInProgress',
        `API Gateway: ${name} is being updated, and takes no change until that is done`,
        { retryAt: addMs(now, lookAgainMs[endpoint]) },
      );
    case 'PENDING_OWNERSHIP_VERIFICATION':
      return new CertkeepError(
        'DomainOwnershipUnverified',
        `API Gateway: the certificate that verifies the ownership of ${name} has expired${said}`,
      );
    case 'PENDING_CERTIFICATE_REIMPORT':
      return new CertkeepError(
        'DomainReimportPending',
        `API Gateway: a certificate that was imported again does not fit ${name}${said}`,
      );
    case 'FAILED':
      return new CertkeepError('DomainFailed', `API Gateway: ${name} has failed${said}`);
    default:
      return null;
  }
}
