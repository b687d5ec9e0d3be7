import { paginateListHostedZones, Route53Client } from '@aws-sdk/client-route-53';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { normalizeZone } from '#shared/config-file/names.ts';
import type { FoundZone } from '../facts.ts';

/** The public hosted zones of the account. */
export async function publicZones(options: ClientOptions): Promise<readonly FoundZone[]> {
  const client = new Route53Client(options);
  const found: FoundZone[] = [];
  for await (const { HostedZones = [] } of paginateListHostedZones({ client }, {})) {
    for (const { Config, Id = '', Name = '', ResourceRecordSetCount } of HostedZones) {
      const zone = normalizeZone(Name);
      if (Config?.PrivateZone || !zone.ok) continue;
      const id = Id.replace(/^\/hostedzone\//, '');
      found.push({ id, name: zone.name, records: ResourceRecordSetCount ?? 0 });
    }
  }
  return found;
}
