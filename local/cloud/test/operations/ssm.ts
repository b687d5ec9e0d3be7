import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitSsm(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) => aws.run('ssm', operation, ...args);
  const Name = '/visited/shop/certificate-arn';
  const put = ['--name', Name, '--type', 'String', '--overwrite', '--value'];
  expect(await run('PutParameter', ...put, 'first')).toEqual({ Version: 1, Tier: 'Standard' });
  await run('PutParameter', ...put, 'second');
  expect((await run('GetParameter', '--name', Name)).Parameter).toMatchObject({
    Name,
    Value: 'second',
    Version: 2,
    ARN: `arn:aws:ssm:us-east-1:000000000000:parameter${Name}`,
  });
  const tagged = ['--resource-type', 'Parameter', '--resource-id', Name];
  await run('AddTagsToResource', ...tagged, '--tags', 'Key=owner,Value=shop');
  expect(await run('ListTagsForResource', ...tagged)).toEqual({
    TagList: [{ Key: 'owner', Value: 'shop' }],
  });
  await run('DeleteParameter', '--name', Name);
  await expect(run('GetParameter', '--name', Name)).rejects.toThrow('(ParameterNotFound)');
  await visitRunCommand(aws);
}

async function visitRunCommand(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) => aws.run('ssm', operation, ...args);
  const Content = JSON.stringify({
    schemaVersion: '2.2',
    parameters: { secret: { type: 'String', allowedPattern: '^[a-z/]+$' } },
    mainSteps: [],
  });
  const document = ['--name', 'visited', '--document-type', 'Command', '--content', Content];
  await run('CreateDocument', ...document);
  const send = ['--document-name', 'visited', '--comment', 'a visit'];
  const tagged = ['--targets', 'Key=tag:Role,Values=nobody'];
  const { Command } = await run('SendCommand', ...send, ...tagged, '--parameters', 'secret=a/b');
  const id = ['--command-id', Command.CommandId];
  expect((await run('ListCommands', ...id)).Commands).toMatchObject([
    { Comment: 'a visit', Status: 'Success', TargetCount: 0 },
  ]);
  expect(await run('ListCommandInvocations', ...id)).toEqual({ CommandInvocations: [] });
  const hostile = ['--parameters', 'secret=$(id)'];
  await expect(run('SendCommand', ...send, ...tagged, ...hostile)).rejects.toThrow(
    '(InvalidParameters)',
  );
}
