import * as module from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { change } from '#cloud/kit/local-dns.ts';
import { route53 } from '#cloud/services/route53/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let front: LocalFront;
let client: module.Route53Client;
let zoneId: string;
const clock = virtualClock();

beforeEach(async () => {
  const { operations } = route53({ clock, insyncMs: 1_000 });
  front = await localFront([serviceOf('route53', module, module.Route53Client, operations)]);
  client = new module.Route53Client(front.configuration());
  const created = await client.send(
    new module.CreateHostedZoneCommand({ Name: 'example.com', CallerReference: '1' }),
  );
  zoneId = created.HostedZone?.Id ?? '';
});
afterEach(() => front.close());

function changed(...Changes: module.Change[]) {
  const input = { HostedZoneId: zoneId, ChangeBatch: { Changes } };
  return client.send(new module.ChangeResourceRecordSetsCommand(input));
}

test('the SDK finds the zone, changes a set, waits and reads it back', async () => {
  const { HostedZones } = await client.send(
    new module.ListHostedZonesByNameCommand({ DNSName: 'example.com', MaxItems: 1 }),
  );
  expect(HostedZones).toMatchObject([{ Id: zoneId, Config: { PrivateZone: false } }]);
  const name = '*.example.com';
  const values = ['"a \\"b\\" <&>"', '"c"'];
  const { ChangeInfo } = await changed(change('CREATE', name, 'TXT', values));
  expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: expect.any(Date) });
  clock.advance(1_000);
  const later = await client.send(new module.GetChangeCommand({ Id: ChangeInfo?.Id }));
  expect(later.ChangeInfo?.Status).toBe('INSYNC');
  const { ResourceRecordSets } = await client.send(
    new module.ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: name,
      StartRecordType: 'TXT',
      MaxItems: 1,
    }),
  );
  expect(ResourceRecordSets).toEqual([
    {
      Name: '\\052.example.com.',
      Type: 'TXT',
      TTL: 60,
      ResourceRecords: values.map((Value) => ({ Value })),
    },
  ]);
});

test('PriorRequestNotComplete comes on request and leaves the zone as it was', async () => {
  front.faults.add({
    when: ({ operation }) => operation === 'ChangeResourceRecordSets',
    fault: { do: 'refuse', code: 'PriorRequestNotComplete' },
  });
  const batch = [change('CREATE', 'x.example.com', 'TXT', ['"a"'])];
  await expect(changed(...batch)).rejects.toBeInstanceOf(module.PriorRequestNotComplete);
  await expect(changed(...batch)).resolves.toHaveProperty('ChangeInfo');
});
