import { isStaging } from '#shared/issuers/staging.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import type { TargetSpec } from '#shared/targets/target.ts';
import type { Draft } from '../../draft.ts';

/** The certificate of a staging environment would be issued, imported, and refused by the target. */
export function targetsGetTrustedOnly({ certificates, issuerConfigs }: Draft): readonly Finding[] {
  return certificates.flatMap(({ issuers, targets }) => {
    const target = targets.find(({ value }) => {
      const spec: TargetSpec = targetSpecs[value.type];
      return spec.isForTrustedOnly === true;
    });
    if (!target) return [];
    return issuers
      .filter(({ value }) => {
        const issuer = issuerConfigs.get(value);
        return issuer !== undefined && isStaging(issuer);
      })
      .map(({ path, value }) => ({
        path,
        value,
        message: `is a staging issuer, whose certificates a target of type ${target.value.type} does not take`,
        fix: 'Name an issuer that browsers trust, or try it out with a certificate that has targets of other types.',
      }));
  });
}
