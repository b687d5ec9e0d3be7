import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ssm, ssmService } from 'local-cloud/services/ssm/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const Name = '/certkeep/shop/certificate-arn';
const arns = ['one', 'two'].map((id) => `arn:aws:acm:us-east-1:000000000000:certificate/${id}`);

let front: LocalFront;
let client: SSMClient;

beforeEach(async () => {
  front = await localFront([ssmService(ssm({ clock: virtualClock(), maxParameters: 1 }))]);
  client = new SSMClient(localClientOptions(front));
});
afterEach(() => front.close());

test('a parameter is made, and written over', async () => {
  for (const arn of arns) {
    await ssmArnPublisher(client).publish(Name, arn);
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    expect(Parameter).toMatchObject({ Type: 'String', Value: arn });
  }
});

test('a refusal of Systems Manager names the parameter', async () => {
  const List = { Name, Value: 'a,b', Type: 'StringList' } as const;
  await client.send(new PutParameterCommand(List));
  const [arn = ''] = arns;
  await expect(ssmArnPublisher(client).publish(Name, arn)).rejects.toMatchObject({
    name: 'ParameterNotPublished',
    message: expect.stringContaining(Name),
  });
  await expect(ssmArnPublisher(client).publish('/other', arn)).rejects.toMatchObject({
    name: 'ParameterNotPublished',
    message: expect.stringContaining('exceeded'),
  });
});

test('a missing right is a refusal, a throttled call is not', async () => {
  const publish = () => ssmArnPublisher(client).publish(Name, arns[0] ?? '');
  const denied = { do: 'refuse', code: 'AccessDeniedException', status: 400 } as const;
  front.faults.add({ when: () => true, fault: denied });
  await expect(publish()).rejects.toMatchObject({ name: 'ParameterNotPublished' });
  front.faults.add({ when: () => true, fault: { do: 'throttle' }, times: 3 });
  await expect(publish()).rejects.toMatchObject({ name: 'ServiceThrottled' });
});

test('a parameter is withdrawn, and one that is not there counts as withdrawn', async () => {
  const publisher = ssmArnPublisher(client);
  await publisher.publish(Name, arns[0] ?? '');
  for (const _ of [1, 2]) {
    await publisher.withdraw(Name);
    const gone = client.send(new GetParameterCommand({ Name }));
    await expect(gone).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }
});

test('a parameter that may not be deleted is said to be so, by its name', async () => {
  const denied = { do: 'refuse', code: 'AccessDeniedException', status: 400 } as const;
  front.faults.add({ when: ({ operation }) => operation === 'DeleteParameter', fault: denied });
  await expect(ssmArnPublisher(client).withdraw(Name)).rejects.toMatchObject({
    name: 'ParameterNotWithdrawn',
    message: expect.stringContaining(Name),
  });
  front.faults.add({ when: () => true, fault: { do: 'throttle' }, times: 3 });
  await expect(ssmArnPublisher(client).withdraw(Name)).rejects.toMatchObject({
    name: 'ServiceThrottled',
  });
});

test('it publishes nothing after the deadline', async () => {
  const late = withinDeadline(AbortSignal.abort(new Error('over')), () =>
    ssmArnPublisher(client).publish(Name, arns[0] ?? ''),
  );
  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
  expect(front.faults.calls).toEqual([]);
});
