import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitRoute53(aws: AwsCommand): Promise<void> {
  const created = await aws.run(
    'route53',
    'CreateHostedZone',
    '--name',
    'visited.example',
    '--caller-reference',
    'visit',
  );
  const id: string = created.HostedZone.Id;
  expect(id).toMatch(/^\/hostedzone\/Z/);
  const read = await aws.run('route53', 'GetHostedZone', '--id', id);
  expect(read.HostedZone).toEqual({ ...created.HostedZone, ResourceRecordSetCount: 2 });
  const listed = await aws.run('route53', 'ListHostedZones');
  expect(listed.HostedZones.map((zone: { Id: string }) => zone.Id)).toEqual([id]);
  const byName = await aws.run('route53', 'ListHostedZonesByName', '--dns-name', 'visited.example');
  expect(byName.HostedZones[0].Id).toBe(id);

  const of = ['--hosted-zone-id', id];
  const { ChangeInfo } = await change(aws, of, { CREATE: '"one"' });
  const { ChangeInfo: seen } = await aws.run('route53', 'GetChange', '--id', ChangeInfo.Id);
  expect(seen.Status).toBe('INSYNC');
  await change(aws, of, { DELETE: '"one"', CREATE: '"two"' });
  await expect(change(aws, of, { DELETE: '"one"' })).rejects.toThrow('(InvalidChangeBatch)');
  const sets = await aws.run('route53', 'ListResourceRecordSets', ...of);
  expect(sets.ResourceRecordSets).toContainEqual(txt('"two"'));
}

/** A value to delete, one to create, or both in one batch. */
async function change(
  aws: AwsCommand,
  of: readonly string[],
  changes: Readonly<Record<string, string>>,
) {
  const Changes = Object.entries(changes).map(([Action, value]) => ({
    Action,
    ResourceRecordSet: txt(value),
  }));
  const batch = ['--change-batch', JSON.stringify({ Changes })];
  return aws.run('route53', 'ChangeResourceRecordSets', ...of, ...batch);
}

function txt(Value: string) {
  const Name = '_acme-challenge.visited.example.';
  return { Name, Type: 'TXT', TTL: 60, ResourceRecords: [{ Value }] };
}
