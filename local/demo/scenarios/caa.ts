import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { operatorClient } from 'local-cloud/operator.ts';
import { hourMs, secondMs, systemClock } from '#shared/time/clock.ts';
import { renew } from './renew.ts';
import type { Scenario } from './scenario.ts';

export const caa: Scenario = {
  breaks:
    'somebody allows only another CA in the CAA records of example.org, and the renewal of shop is due',
  hurried: 'shop is renewed now, not when a third of its life is left',
  // By itself, certkeep would soon find the records mended.
  options: { timings: { retryDelaysMs: [hourMs] } },
  reason: 'CaaForbids',
  certificates: () => ['shop'],
  async breakIt(setting) {
    const { cloud, config } = setting;
    const route53 = new Route53Client(operatorClient(cloud, config.home.region));
    const { HostedZones } = await route53.send(
      new ListHostedZonesByNameCommand({ DNSName: 'example.org', MaxItems: 1 }),
    );
    const ResourceRecords = ['0 issue "another-ca.example"', '0 iodef "mailto:ops@example.org"'];
    const ResourceRecordSet = {
      ...({ Name: 'example.org.', Type: 'CAA', TTL: 300 } as const),
      ResourceRecords: ResourceRecords.map((Value) => ({ Value })),
    };
    await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZones?.[0]?.Id,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
      }),
    );
    // Until all name servers have them.
    await systemClock.sleep(3 * secondMs);
    await renew(setting, ['shop']);
  },
};
