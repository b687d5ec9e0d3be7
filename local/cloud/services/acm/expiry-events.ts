import { type Clock, dayMs, everyMinute, hourMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import type { EventParts } from '../eventbridge/deliver.ts';
import { type AcmCertificate, originOf } from './certificate.ts';
import type { CertificateMaterial } from './material.ts';

/** AWS names no time of the day. */
const hourOfDay = 7;

/** "starting 45 days prior to expiration for private/imported certificates and 30 days … for public certificates" */
const daysBefore = { IMPORTED: 45, AMAZON_ISSUED: 30 } as const;

/**
 * ACM's `ACM Certificate Approaching Expiration` on the default bus: once a day for every active certificate that ends soon
 * (https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html). It looks only where the bus has a rule.
 * Returns the function that ends this.
 */
export function expiryEvents(options: {
  readonly clock: Clock;
  readonly certificates: () => readonly AcmCertificate[];
  readonly hasRules: (place: Place) => boolean;
  readonly emit: (place: Place, event: EventParts) => void;
}): () => void {
  return everyMinute(options.clock, (at) => {
    if (at.getTime() % dayMs !== hourOfDay * hourMs) return;
    for (const certificate of options.certificates()) {
      if (certificate.isPending || !options.hasRules(certificate)) continue;
      const detail = detailOf(certificate, at);
      if (!detail) continue;
      options.emit(certificate, {
        source: 'aws.acm',
        detailType: 'ACM Certificate Approaching Expiration',
        at,
        resources: [certificate.arn],
        detail,
      });
    }
  });
}

/** Null where it is not time yet, or the certificate has ended. */
function detailOf(certificate: AcmCertificate, at: Date): object | null {
  const material = certificate.material.latest();
  const { validFromDate, validToDate } = material.leaf;
  // How AWS rounds is not documented: here a day counts when it is whole.
  const days = Math.floor((validToDate.getTime() - at.getTime()) / dayMs);
  if (days < 0 || days > daysBefore[certificate.type]) return null;
  return {
    DaysToExpiry: days,
    ...namesOf(material),
    ValidityInDays: Math.round((validToDate.getTime() - validFromDate.getTime()) / dayMs),
    CertificateKeyPairOrigin: originOf(certificate),
  };
}

/** AWS does not say what it writes for a name that the certificate lacks; this cloud takes the harder case and leaves it out. */
function namesOf({ commonName, names: [first] }: CertificateMaterial): object {
  return {
    ...(commonName !== null && { CommonName: commonName }),
    ...(first !== undefined && { FirstSubjectAlternativeName: first }),
  };
}
