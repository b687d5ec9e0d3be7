import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';

/** Writes somebody else's value at a name where certkeep publishes too. */
export async function putForeignTxt(
  cloud: Cloud,
  region: string,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, region));
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const zone = HostedZones.find((each) => `${name}.`.endsWith(`.${each.Name}`));
  if (!zone) throw new Error(`local: there is no public zone for ${name}`);
  const record = { Name: name, TTL: 300, ResourceRecords: [{ Value: `"${value}"` }] };
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.Id,
      ChangeBatch: {
        Changes: [{ Action: 'CREATE', ResourceRecordSet: { ...record, Type: 'TXT' } }],
      },
    }),
  );
}

/** The TXT values that the public name servers return now, quoted. */
export function txtValues(cloud: Cloud, name: string): readonly string[] {
  const sets = cloud.route53.publicZones().map(({ records }) => records.get(`${name}.`));
  return sets.flatMap((types) => types?.get('TXT')?.values ?? []);
}
