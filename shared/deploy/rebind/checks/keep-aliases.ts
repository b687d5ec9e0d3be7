import { CertkeepError } from '#shared/errors.ts';
import { uncoveredNames } from '../../choice/covered-names.ts';
import type { DeployContext, Look } from '../../context.ts';

/**
 * Refuses a certificate that lacks a name which the target alone serves: the service would refuse the change, and CloudFront
 * would not say which alias is left. @throws CertkeepError NamesWouldBeLost
 */
export function keepAliases({ version }: Pick<DeployContext, 'version'>, { view }: Look): void {
  const lost = uncoveredNames(view.endpoint?.names ?? [], version.names);
  if (lost.length === 0) return;
  const message = `${view.name} serves ${lost.join(', ')}, which the certificate does not cover`;
  throw new CertkeepError('NamesWouldBeLost', message);
}
