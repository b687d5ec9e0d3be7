import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitSns(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) => aws.run('sns', operation, ...args);
  const { TopicArn } = await run('CreateTopic', '--name', 'visited');
  const of = ['--topic-arn', TopicArn];
  const named = ['--attribute-name', 'DisplayName', '--attribute-value', 'Visited'];
  await run('SetTopicAttributes', ...of, ...named);
  const { Attributes } = await run('GetTopicAttributes', ...of);
  expect(Attributes).toMatchObject({
    TopicArn,
    DisplayName: 'Visited',
    SubscriptionsConfirmed: '0',
  });
  expect(await run('ListTopics')).toEqual({ Topics: [{ TopicArn }] });

  const phone = ['--protocol', 'sms', '--notification-endpoint', '+15550100'];
  const { SubscriptionArn } = await run('Subscribe', ...of, ...phone);
  const subscription = expect.objectContaining({ SubscriptionArn, Protocol: 'sms' });
  expect((await run('ListSubscriptions')).Subscriptions).toEqual([subscription]);
  expect((await run('ListSubscriptionsByTopic', ...of)).Subscriptions).toEqual([subscription]);
  const policy = ['--attribute-name', 'FilterPolicy', '--attribute-value', '{"owner":["shop"]}'];
  await run('SetSubscriptionAttributes', '--subscription-arn', SubscriptionArn, ...policy);
  const message = ['--subject', 'Hello', '--message', 'A certificate was renewed.'];
  expect(await run('Publish', ...of, ...message)).toEqual({ MessageId: expect.any(String) });
  await run('Unsubscribe', '--subscription-arn', SubscriptionArn);
  expect((await run('ListSubscriptions')).Subscriptions).toEqual([]);

  await run('DeleteTopic', ...of);
  expect(await run('ListTopics')).toEqual({ Topics: [] });
}
