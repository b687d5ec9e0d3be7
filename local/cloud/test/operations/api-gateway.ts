import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { imported } from './certificates.ts';

export async function visitApiGateway(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('apigateway', operation, ...args);
  const names = ['visited.example.com'];
  const first = await imported(aws, 'api-first', { key: 'rsa-2048', names });
  const second = await imported(aws, 'api-second', { key: 'rsa-2048', names });
  const named = ['--domain-name', 'visited.example.com'];
  const created = await run(
    'CreateDomainName',
    ...named,
    '--regional-certificate-arn',
    first,
    '--endpoint-configuration',
    'types=REGIONAL',
  );
  expect(created.regionalDomainName).toMatch(/^d-.*\.execute-api\.us-east-1\.amazonaws\.com:/);
  const patch = `op=replace,path=/regionalCertificateArn,value=${second}`;
  await run('UpdateDomainName', ...named, '--patch-operations', patch);
  expect((await run('GetDomainName', ...named)).regionalCertificateArn).toBe(second);
  const { items } = await run('GetDomainNames');
  expect(items).toMatchObject([{ domainName: 'visited.example.com' }]);
  const of = ['--resource-arn', created.domainNameArn];
  await run('TagResource', ...of, '--tags', 'team=web');
  expect(await run('GetTags', ...of)).toEqual({ tags: { team: 'web' } });
}
