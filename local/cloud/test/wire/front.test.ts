import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as route53 from '@aws-sdk/client-route-53';
import * as sqs from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { homeAccount } from '#cloud/wire/accounts.ts';
import { AwsError, type Call } from '#cloud/wire/service.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { type LocalFront, localFront } from './local-front.ts';

let effects: { operation: string; call: Call }[];
let front: LocalFront;

function recorded(operation: string, output: object = {}) {
  return (_: unknown, call: Call) => {
    effects.push({ operation, call });
    return output;
  };
}

function refused(code: string) {
  return () => {
    throw new AwsError(code, `said ${code} & <more>`);
  };
}

beforeEach(async () => {
  effects = [];
  front = await localFront([
    serviceOf('elb', elb, elb.ElasticLoadBalancingClient, {
      DescribeLoadBalancers: recorded('elb'),
    }),
    serviceOf('elbv2', elbv2, elbv2.ElasticLoadBalancingV2Client, {
      DescribeLoadBalancers: recorded('elbv2'),
      ModifyListener: refused('CertificateNotFoundException'),
      AddListenerCertificates: refused('UnsupportedCertificate'),
    }),
    serviceOf('route53', route53, route53.Route53Client, {
      ListHostedZones: recorded('route53', { HostedZones: [], IsTruncated: false, MaxItems: 1 }),
      ChangeResourceRecordSets: refused('InvalidChangeBatch'),
    }),
    serviceOf('sqs', sqs, sqs.SQSClient, {
      SendMessage: recorded('sqs'),
      GetQueueUrl: refused('QueueDoesNotExist'),
      ListQueues: () => {
        throw new TypeError('a mistake of ours');
      },
    }),
  ]);
  front.accounts.register('AKIAISSUE', {
    account: '111111111111',
    caller: 'issue',
    arn: 'arn',
    userId: 'id',
    role: null,
  });
});
afterEach(() => front.close());

const balancers = (maxAttempts = 1) =>
  new elbv2.ElasticLoadBalancingV2Client(
    front.configuration({ region: 'eu-west-1', accessKeyId: 'AKIAISSUE', maxAttempts }),
  );
const describe = new elbv2.DescribeLoadBalancersCommand({});
test('both load balancer APIs are told apart though they sign alike', async () => {
  await balancers().send(describe);
  await new elb.ElasticLoadBalancingClient(front.configuration()).send(
    new elb.DescribeLoadBalancersCommand({}),
  );
  expect(effects.map(({ operation }) => operation)).toEqual(['elbv2', 'elb']);
});

test('a call carries region, key and account of its signature', async () => {
  await balancers().send(describe);
  const call = { region: 'eu-west-1', accessKeyId: 'AKIAISSUE', account: '111111111111' };
  expect(effects[0]?.call).toEqual(call);
  await new sqs.SQSClient(front.configuration())
    .send(new sqs.SendMessageCommand({ QueueUrl: 'q', MessageBody: 'b' }))
    .catch((error: Error) => error);
  expect(effects[1]?.call.account).toBe(homeAccount);
});

test('errors arrive under the names that the SDK knows', async () => {
  const modify = new elbv2.ModifyListenerCommand({ ListenerArn: 'l' });
  await expect(balancers().send(modify)).rejects.toBeInstanceOf(elbv2.CertificateNotFoundException);
  const add = new elbv2.AddListenerCertificatesCommand({ ListenerArn: 'l', Certificates: [] });
  await expect(balancers().send(add)).rejects.toMatchObject({
    name: 'UnsupportedCertificate',
    message: 'said UnsupportedCertificate & <more>',
  });
  const queues = new sqs.SQSClient(front.configuration());
  const missing = queues.send(new sqs.GetQueueUrlCommand({ QueueName: 'q' }));
  await expect(missing).rejects.toBeInstanceOf(sqs.QueueDoesNotExist);
  const zones = new route53.Route53Client(front.configuration());
  const batch = new route53.ChangeResourceRecordSetsCommand({
    HostedZoneId: 'Z',
    ChangeBatch: { Changes: [] },
  });
  await expect(zones.send(batch)).rejects.toBeInstanceOf(route53.InvalidChangeBatch);
});

test('an operation that nobody implements is refused by name', async () => {
  const unknown = balancers().send(new elbv2.DescribeRulesCommand({}));
  await expect(unknown).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('an unsigned request is refused', async () => {
  const answer = await fetch(front.endpoint, { method: 'POST', body: 'Action=ListTopics' });
  expect([answer.status, await answer.text()]).toEqual([
    403,
    expect.stringContaining('MissingAuthenticationToken'),
  ]);
});

test('a path that ends with a slash, as the aws command line sends it, means the same', async () => {
  const scope = 'Credential=AKIA/20261122/us-east-1/route53/aws4_request';
  const answer = await fetch(`${front.endpoint}/2013-04-01/hostedzone/`, {
    headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
  });
  expect([answer.status, effects.map(({ operation }) => operation)]).toEqual([200, ['route53']]);
});

test('a mistake of the local cloud itself is an internal failure and a warning', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const queues = new sqs.SQSClient(front.configuration());
  await expect(queues.send(new sqs.ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'InternalFailure',
    message: 'local: a mistake of ours',
  });
  expect((await warned).message).toBe('a mistake of ours');
});
