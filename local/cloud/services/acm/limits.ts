import { addMs, type Clock, dayMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { type TokenBucket, tokenBucket } from '../token-bucket.ts';

export type AcmLimits = {
  /** ImportCertificate calls per account and region; Infinity turns throttling off. */
  readonly importsPerSecond: number;
  readonly importedCertificates: number;
  readonly importsPerYear: number;
};

/** acm-limits.html: the defaults of every account. */
export const defaultLimits: AcmLimits = {
  importsPerSecond: 1,
  importedCertificates: 2_500,
  importsPerYear: 5_000,
};

export type ImportMeter = {
  /** Counts the request itself, before anything is checked. */
  throttle(call: Call): void;
  /** Refuses where a quota is used up; `held` is null for a re-import, which adds no certificate. */
  checkQuotas(call: Call, held: number | null): void;
  count(call: Call): void;
};

export function importMeter(clock: Clock, limits: AcmLimits): ImportMeter {
  const places = new Map<string, { bucket: TokenBucket; imports: Date[] }>();

  function placeOf({ account, region }: Call) {
    const key = `${account}/${region}`;
    const known = places.get(key);
    if (known) return known;
    const bucket = tokenBucket({ clock, perSecond: limits.importsPerSecond, burst: 1 });
    const place = { bucket, imports: [] as Date[] };
    places.set(key, place);
    return place;
  }

  return {
    throttle(call) {
      if (placeOf(call).bucket.take()) return;
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    },
    checkQuotas(call, held) {
      if (held !== null && held >= limits.importedCertificates) {
        throw exceeded(
          `You have reached the limit of ${limits.importedCertificates} certificates.`,
        );
      }
      const yearAgo = addMs(clock.now(), -365 * dayMs);
      const recent = placeOf(call).imports.filter((time) => time > yearAgo);
      if (recent.length >= limits.importsPerYear) {
        throw exceeded(`You have reached the limit of ${limits.importsPerYear} imports a year.`);
      }
    },
    // AWS does not document whether re-imports count towards the yearly quota; here they do, the worse case.
    count: (call) => void placeOf(call).imports.push(clock.now()),
  };
}

function exceeded(message: string): AwsError {
  return new AwsError('LimitExceededException', message);
}
