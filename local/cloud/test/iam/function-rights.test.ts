import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FunctionRights, functionRights } from '#cloud/iam/function-rights.ts';
import {
  account,
  allow,
  type IamLab,
  iamLab,
  policy,
  region,
  roleArn,
  type Statement,
  trusting,
} from '#cloud/kit/iam-lab.ts';

const queue = `arn:aws:sqs:${region}:${account}:certkeep-issue.fifo`;
const key = `arn:aws:kms:${region}:${account}:key/mrk-1`;
const check = `arn:aws:lambda:${region}:${account}:function:certkeep-check`;
const sync = `arn:aws:lambda:${region}:${account}:function:certkeep-sync`;
const rule = `arn:aws:events:${region}:${account}:rule/certkeep/issued`;
const group = `arn:aws:scheduler:${region}:${account}:schedule-group/certkeep`;
const role = roleArn('certkeep-r-issue');
const scheduleRole = roleArn('certkeep-r-schedule');

let lab: IamLab;
let rights: FunctionRights;
beforeEach(async () => {
  lab = await iamLab();
  rights = functionRights(lab.iam);
});
afterEach(() => lab.close());

const grant = (...statements: Statement[]) => lab.grant('certkeep-r-issue', statements);

test('Lambda polls a queue with three rights of the function’s role', async () => {
  grant(allow(['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'], queue));
  expect(await rights.missingToPoll(role, queue)).toEqual(['sqs:DeleteMessage']);
  grant(allow('sqs:*', queue));
  expect(await rights.missingToPoll(role, queue)).toEqual([]);
  expect(await rights.missingToPoll(role, queue.replace('issue', 'deploy'))).toHaveLength(3);
});

test('and with the key of an encrypted one', async () => {
  grant(allow('sqs:*', queue));
  lab.iam.useKey(queue, key);
  expect(await rights.missingToPoll(role, queue)).toEqual(['kms:Decrypt']);
  expect(await rights.missingToSend(role, queue)).toEqual(['kms:GenerateDataKey', 'kms:Decrypt']);
});

test('log lines go to the streams of its own group', async () => {
  const logGroup = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/certkeep-issue`;
  const stream = '2026/11/22/[$LATEST]0a1b';
  grant(allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `${logGroup}:*`));
  expect(await rights.missingToLog(role, logGroup, stream)).toEqual([]);
  expect(await rights.missingToLog(role, `${logGroup}-2`, stream)).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
});

test('a dead event is sent with the role of the function', async () => {
  const dead = `arn:aws:sqs:${region}:${account}:certkeep-dead-events`;
  grant();
  expect(await rights.missingToSend(role, dead)).toEqual(['sqs:SendMessage']);
  grant(allow('sqs:SendMessage', dead));
  expect(await rights.missingToSend(role, dead)).toEqual([]);
});

test('a rule invokes the function whose policy names it, and no other', async () => {
  expect(await rights.missingToInvokeByRule(rule, sync)).toEqual(['lambda:InvokeFunction']);
  const permission = {
    Sid: 'Issued',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: sync,
    Condition: {
      ArnLike: { 'AWS:SourceArn': rule },
      StringEquals: { 'AWS:SourceAccount': account },
    },
  };
  lab.iam.putResourcePolicy(sync, policy(permission));
  expect(await rights.missingToInvokeByRule(rule, sync)).toEqual([]);
  expect(await rights.missingToInvokeByRule(`${rule}-2`, sync)).toHaveLength(1);
  expect(await rights.missingToInvokeByRule(rule.replace(account, '1'.repeat(12)), sync)).toEqual([
    'lambda:InvokeFunction',
  ]);
  expect(await rights.missingToInvokeByRule(rule, check)).toHaveLength(1);
});

test('a schedule needs a role that trusts it for its group and may invoke', async () => {
  const schedule = { role: scheduleRole, groupArn: group, functionArn: check };
  const scheduler = { Service: 'scheduler.amazonaws.com' };
  const ofGroup = (arn: string) =>
    trusting(scheduler, {
      StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': arn },
    });
  const put = (trustPolicy: object, invoked: string) =>
    lab.iam.putRole({
      arn: scheduleRole,
      trustPolicy,
      policies: [{ name: 'invoke', document: policy(allow('lambda:InvokeFunction', invoked)) }],
    });
  put(ofGroup(group), check);
  expect(await rights.missingToInvokeBySchedule(schedule)).toEqual([]);
  put(ofGroup(`${group}-2`), check);
  expect(await rights.missingToInvokeBySchedule(schedule)).toEqual(['sts:AssumeRole']);
  put(ofGroup(group), sync);
  expect(await rights.missingToInvokeBySchedule(schedule)).toEqual(['lambda:InvokeFunction']);
  put(trusting({ Service: 'lambda.amazonaws.com' }), check);
  expect(await rights.missingToInvokeBySchedule(schedule)).toEqual(['sts:AssumeRole']);
});

test('a function runs in a role that trusts Lambda', async () => {
  grant();
  expect(await rights.missingToRun(role)).toEqual([]);
  expect(await rights.missingToRun(scheduleRole)).toEqual(['sts:AssumeRole']);
});

test('a function is attached to a network with six rights of its role, which its own code may be kept from', async () => {
  const place = { region, account };
  const own = `arn:aws:lambda:${region}:${account}:function:certkeep-inside`;
  const except = { ArnNotEquals: { 'lambda:SourceFunctionArn': own } };
  grant({ ...allow('ec2:*', '*'), Condition: except });
  expect(await rights.missingToAttach(role, place)).toEqual([]);
  const byItsCode = { 'lambda:SourceFunctionArn': own };
  const asked = { principal: role, action: 'ec2:DescribeSubnets', resource: '*' };
  expect(await lab.iam.isAllowed({ ...asked, context: byItsCode })).toBe(false);
  grant(allow(['ec2:CreateNetworkInterface', 'ec2:Describe*'], '*'));
  expect(await rights.missingToAttach(role, place)).toEqual([
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ]);
});

test('CloudWatch uses an encrypted topic where topic and key both let it', async () => {
  const topic = `arn:aws:sns:${region}:${account}:certkeep-alerts`;
  const principal = 'cloudwatch.amazonaws.com';
  const context = { 'aws:SourceAccount': account };
  const letting = (Action: string | string[]) => ({
    Effect: 'Allow',
    Principal: { Service: principal },
    Action,
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });
  lab.iam.putResourcePolicy(topic, policy(letting('sns:Publish')));
  lab.iam.putResourcePolicy(key, policy(letting(['kms:Decrypt', 'kms:GenerateDataKey*'])));
  const publish = { principal, action: 'sns:Publish', resource: topic };
  const encrypt = { principal, action: 'kms:GenerateDataKey', resource: key };
  expect(await lab.iam.isAllowed({ ...publish, context })).toBe(true);
  expect(await lab.iam.isAllowed({ ...encrypt, context })).toBe(true);
  expect(await lab.iam.isAllowed(publish)).toBe(false);
  const other = { ...publish, principal: 'events.amazonaws.com', context };
  expect(await lab.iam.isAllowed(other)).toBe(false);
  expect(await lab.iam.isAllowed({ ...encrypt, action: 'kms:Encrypt', context })).toBe(false);
});
