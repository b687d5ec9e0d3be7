import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitEvents(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) =>
    aws.run('events', operation, ...args);
  await run('CreateEventBus', '--name', 'visited');

  const bus = ['--event-bus-name', 'visited'];
  const rule = ['--name', 'all', '--event-pattern', '{"source":["visit"]}'];
  const { RuleArn } = await run('PutRule', ...bus, ...rule);
  const listed = [expect.objectContaining({ Name: 'all', Arn: RuleArn, State: 'ENABLED' })];
  expect((await run('ListRules', ...bus)).Rules).toEqual(listed);

  const Arn = 'arn:aws:lambda:us-east-1:000000000000:function:certkeep-alert';
  await run('PutTargets', ...bus, '--rule', 'all', '--targets', `Id=1,Arn=${Arn}`);
  const { Targets } = await run('ListTargetsByRule', ...bus, '--rule', 'all');
  expect(Targets).toEqual([{ Id: '1', Arn }]);

  const entry = { EventBusName: 'visited', Source: 'visit', DetailType: 'hello', Detail: '{}' };
  const sent = await run('PutEvents', '--entries', JSON.stringify([entry]));
  expect(sent).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });

  await expect(run('DeleteRule', ...bus, '--name', 'all')).rejects.toThrow('has targets');
  await run('RemoveTargets', ...bus, '--rule', 'all', '--ids', '1');
  await run('DeleteRule', ...bus, '--name', 'all');
  expect((await run('ListRules', ...bus)).Rules).toEqual([]);
  await run('DeleteEventBus', '--name', 'visited');
  await expect(run('ListRules', ...bus)).rejects.toThrow('(ResourceNotFoundException)');
}
