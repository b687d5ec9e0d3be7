import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53';
import type { Cloud } from 'local-cloud/cloud.ts';
import { change } from 'local-cloud/kit/local-dns.ts';
import { operatorClient } from 'local-cloud/operator.ts';

type Action = 'CREATE' | 'DELETE' | 'UPSERT';

/** One change by the owner of a zone: `putRecord(cloud, 'example.com', 'CREATE', 'www.example.com', 'CNAME', ['…'])`. */
export async function putRecord(
  cloud: Cloud,
  zone: string,
  action: Action,
  name: string,
  type: RRType,
  values: readonly string[],
): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, 'us-east-1'));
  const HostedZoneId = await zoneIdOf(cloud, zone);
  const ChangeBatch = { Changes: [change(action, name, type, values)] };
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
}

/** As the configuration has it. */
export async function zoneIdOf(cloud: Cloud, zone: string): Promise<string> {
  const route53 = new Route53Client(operatorClient(cloud, 'us-east-1'));
  const { HostedZones = [] } = await route53.send(
    new ListHostedZonesByNameCommand({ DNSName: zone, MaxItems: 1 }),
  );
  return HostedZones[0]?.Id?.replace('/hostedzone/', '') ?? '';
}

export async function addZone(cloud: Cloud, name: string): Promise<void> {
  const route53 = new Route53Client(operatorClient(cloud, 'us-east-1'));
  await route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference: `own ${name}` }));
}
