import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { byAcm, distributionConfig } from 'local-cloud/kit/distribution.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { errorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { onlyAfter, retry } from '#shared/time/waiting.ts';
import { type Builder, type DistributionTarget, distributionKey, localPlace } from './builder.ts';
import { importOther } from './certificates.ts';

/** A certificate that was imported just now may be unknown to CloudFront. */
const untilKnown = {
  waitsMs: [secondMs],
  patienceMs: 20 * secondMs,
  waitFor: onlyAfter((error) => errorName(error) === 'InvalidViewerCertificate'),
};

/** Creates a distribution whose aliases are the names of its certificate, with somebody else's certificate for them. */
export async function createDistribution(
  builder: Builder,
  target: DistributionTarget,
  { key, names }: CertificateConfig,
): Promise<void> {
  const place = localPlace(builder, target);
  const aliases = aliasesFor(builder, target, names);
  const arn = await importOther(builder, place, names, key);
  const client = new CloudFrontClient(operatorClient(builder.cloud, place.region, place.account));
  const config = distributionConfig(aliases, { ViewerCertificate: byAcm(arn) });
  const command = new CreateDistributionCommand({ DistributionConfig: config });
  const { Distribution } = await retry(builder.clock, untilKnown, () => client.send(command));
  const { Id: distribution = '', DomainName } = Distribution ?? {};
  builder.listeners.set(distributionKey(builder, target), {
    distribution,
    account: place.account,
  });
  builder.onStep(`distribution ${distribution} at ${DomainName}`);
}

/** An alias belongs to one distribution; under a wildcard there is always another one. */
function aliasesFor(
  { aliases: taken }: Builder,
  { distribution }: DistributionTarget,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    const own = name.replace(/^\*/, distribution.toLowerCase());
    const alias = [name, own].find((each) => !taken.has(each));
    if (alias === undefined) return [];
    taken.add(alias);
    return [alias];
  });
}
