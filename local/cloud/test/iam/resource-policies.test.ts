import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  type Clients,
  type IamLab,
  iamLab,
  otherAccount,
  policy,
  region,
  roleArn,
} from '#cloud/kit/iam-lab.ts';
import { sceneryClient } from '#cloud/operator.ts';

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
});
afterEach(() => lab.close());

const bus = `arn:aws:events:${region}:${account}:event-bus/certkeep`;

function publish(by: Clients, DetailType = 'issued') {
  const entry = { EventBusName: 'certkeep', Source: 'certkeep', DetailType, Detail: '{}' };
  return by.events.putEvents({ Entries: [entry] });
}

test('a bus that denies all but our roles takes events from them only', async () => {
  await lab.operator.events.createEventBus({ Name: 'certkeep' });
  const onlyOurs = {
    Sid: 'OnlyOurs',
    Effect: 'Deny',
    Principal: '*',
    Action: 'events:PutEvents',
    Resource: bus,
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': [roleArn('issue'), roleArn('deploy')] } },
  };
  lab.iam.putResourcePolicy(bus, policy(onlyOurs));
  const putting = allow('events:PutEvents', bus);
  await publish(lab.as('issue', [putting]));
  await expect(publish(lab.as('foreign', [putting]))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /events:PutEvents on resource: \S+event-bus\/certkeep with an explicit deny in a resource-based policy$/,
    ),
  });
  await expect(publish(lab.as('deploy', []))).rejects.toMatchObject({
    message: expect.stringContaining('because no identity-based policy allows'),
  });
});

test('each entry is asked for by its source and type', async () => {
  const only = { 'ForAllValues:StringEquals': { 'events:detail-type': ['issued'] } };
  const issue = lab.as('issue', [allow('events:PutEvents', bus, only)]);
  await publish(issue);
  await expect(publish(issue, 'revoked')).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a queue of another account needs both accounts’ permission', async () => {
  const { QueueUrl } = await lab.operator.sqs.createQueue({ QueueName: 'certkeep-deploy' });
  const queue = `arn:aws:sqs:${region}:${account}:certkeep-deploy`;
  const send = (by: Clients) => by.sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  const stranger = lab.as('stranger', [allow('sqs:SendMessage', queue)], region, otherAccount);
  await expect(send(stranger)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /sqs:sendmessage on resource: \S+ because no resource-based policy allows the sqs:sendmessage action$/,
    ),
  });
  const letting = {
    Sid: 'Let',
    Effect: 'Allow',
    Principal: { AWS: roleArn('stranger', otherAccount) },
    Action: 'sqs:SendMessage',
    Resource: queue,
  };
  lab.iam.putResourcePolicy(queue, policy(letting));
  await send(stranger);
  lab.grant('stranger', [], otherAccount);
  await expect(send(stranger)).rejects.toMatchObject({
    message: expect.stringContaining('because no identity-based policy allows'),
  });
});

test('in the same account the queue’s policy alone is enough for those that it names', async () => {
  const { QueueUrl } = await lab.operator.sqs.createQueue({ QueueName: 'certkeep-deploy' });
  const queue = `arn:aws:sqs:${region}:${account}:certkeep-deploy`;
  const letting = {
    Effect: 'Allow',
    Principal: { AWS: roleArn('named') },
    Action: 'sqs:SendMessage',
    Resource: queue,
  };
  lab.iam.putResourcePolicy(queue, policy(letting));
  await lab.as('named', []).sqs.sendMessage({ QueueUrl, MessageBody: 'x' });
  expect(lab.iam.decisions.at(-1)?.decidedBy).toEqual([{ policy: queue, sid: '#1' }]);
  await expect(
    lab.as('other', []).sqs.sendMessage({ QueueUrl, MessageBody: 'x' }),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a policy that requires TLS does not affect plain HTTP here', async () => {
  const Bucket = 'certkeep-tls';
  await lab.operator.s3.createBucket({ Bucket });
  const tls = {
    Sid: 'Tls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  lab.iam.putResourcePolicy(`arn:aws:s3:::${Bucket}`, policy(tls));
  await lab.as('check', [allow('s3:ListBucket', '*')]).s3.listObjectsV2({ Bucket });
});

test('a resource of another service is refused, whatever a policy says', async () => {
  const anything = lab.as('anything', [allow('*', '*')]);
  await expect(anything.sqs.sendMessage({ QueueUrl: 'x', MessageBody: 'x' })).rejects.toMatchObject(
    { name: 'AccessDenied' },
  );
});

test('people may do everything but what a resource policy denies, and whoever sets the scene even that', async () => {
  const Bucket = 'certkeep-people';
  const named = { ArnNotEquals: { 'aws:PrincipalArn': roleArn('named') } };
  const all = `arn:aws:s3:::${Bucket}/*`;
  const denial = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: all };
  await lab.operator.s3.createBucket({ Bucket });
  lab.iam.putResourcePolicy(`arn:aws:s3:::${Bucket}`, policy({ ...denial, Condition: named }));
  const put = (by: Clients) => by.s3.putObject({ Bucket, Key: 'x', Body: 'x' });
  await expect(put(lab.operator)).rejects.toThrow('explicit deny in a resource-based policy');
  await put(lab.as('named', [allow('s3:PutObject', '*')]));
  await put(lab.with(sceneryClient(lab.cloud, region).credentials));
  await lab.operator.s3.getObject({ Bucket, Key: 'x' });
  // No policy of a role was asked.
  expect(lab.decided()).toEqual(['allowed s3:PutObject']);
});
