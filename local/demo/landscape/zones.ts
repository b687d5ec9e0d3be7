import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { getDomain } from 'tldts';
import type { Config } from '#shared/config/config.ts';

/** A public zone for every registered domain. */
export async function createZones(
  cloud: Cloud,
  config: Config,
  onStep: (step: string) => void,
): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, config.home.region));
  const names = config.certificates.flatMap((certificate) => certificate.names);
  const domains = new Set(
    names.map((name) => getDomain(name.replace(/^\*\./, ''), { allowPrivateDomains: true })),
  );
  for (const domain of domains) {
    if (domain === null) continue;
    await route53.send(new CreateHostedZoneCommand({ Name: domain, CallerReference: domain }));
    onStep(`zone ${domain}`);
  }
}
