import { isCovered } from '#shared/deploy/choice/covered-names.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** A custom domain name of API Gateway takes only a certificate that covers it. */
export function domainsAreCovered({ certificates }: Draft): readonly Finding[] {
  return certificates.flatMap(({ id, names, targets }) => {
    const known = names.map(({ value }) => value);
    if (known.length === 0) return [];
    return targets.flatMap(({ at, value: target }) => {
      if (target.type !== 'api-gateway' || isCovered(target.domain, known)) return [];
      return [
        {
          path: ['certificates', id, 'targets', at, 'domain'],
          value: target.domain,
          message: 'is not among the names of this certificate, which API Gateway would refuse',
          fix: `Add ${target.domain} to the names of the certificate, or name a domain that one of them covers.`,
        },
      ];
    });
  });
}
