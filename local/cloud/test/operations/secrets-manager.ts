import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitSecretsManager(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('secretsmanager', operation, ...args);
  const of = ['--secret-id', 'visited'];
  const created = await run('CreateSecret', '--name', 'visited', '--secret-string', 'first');
  await run('TagResource', ...of, '--tags', 'Key=team,Value=web');
  const described = await run('DescribeSecret', ...of);
  expect(described).toMatchObject({ Name: 'visited', Tags: [{ Key: 'team', Value: 'web' }] });

  const pending = ['--secret-string', 'second', '--version-stages', 'pending'];
  const put = await run('PutSecretValue', ...of, ...pending);
  expect((await run('GetSecretValue', ...of)).SecretString).toBe('first');
  await run(
    'UpdateSecretVersionStage',
    ...of,
    '--version-stage',
    'AWSCURRENT',
    '--move-to-version-id',
    put.VersionId,
    '--remove-from-version-id',
    created.VersionId,
  );
  expect((await run('GetSecretValue', ...of)).SecretString).toBe('second');
  const { Versions } = await run('ListSecretVersionIds', ...of);
  expect(Versions).toContainEqual(
    expect.objectContaining({ VersionId: created.VersionId, VersionStages: ['AWSPREVIOUS'] }),
  );

  const regions = ['--add-replica-regions', 'Region=eu-west-1'];
  const { ReplicationStatus } = await run('ReplicateSecretToRegions', ...of, ...regions);
  expect(ReplicationStatus).toEqual([expect.objectContaining({ Region: 'eu-west-1' })]);
  await run('RemoveRegionsFromReplication', ...of, '--remove-replica-regions', 'eu-west-1');

  await run('DeleteSecret', ...of);
  expect((await run('ListSecrets')).SecretList).toEqual([]);
  await run('RestoreSecret', ...of);
  expect((await run('ListSecrets')).SecretList).toEqual([
    expect.objectContaining({ Name: 'visited' }),
  ]);
}
