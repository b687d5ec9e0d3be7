import * as module from '@aws-sdk/client-cloudwatch';
import { SmithyRpcV2CborProtocol } from '@smithy/core/cbor';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AwsError } from '#cloud/wire/service.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { type LocalFront, localFront } from './local-front.ts';

const when = new Date('2026-11-22T03:00:00Z');
const input = {
  Namespace: 'test',
  MetricData: [
    { MetricName: 'load', Value: 0.5, Timestamp: when, Dimensions: [{ Name: 'a', Value: 'b' }] },
  ],
};
const alarm = { AlarmName: 'busy', Threshold: 0.5, StateUpdatedTimestamp: when, OKActions: [] };

let front: LocalFront;
let arrived: unknown;
beforeEach(async () => {
  const operations = {
    PutMetricData: (given: unknown) => {
      arrived = given;
      return {};
    },
    DescribeAlarms: () => ({ MetricAlarms: [alarm], CompositeAlarms: [] }),
    SetAlarmState: () => {
      throw new AwsError('ResourceNotFound', 'Unknown alarm', 404);
    },
  };
  front = await localFront([serviceOf('cloudwatch', module, module.CloudWatchClient, operations)]);
});
afterEach(() => front.close());

/** As the aws command line speaks since 2026, where the SDK for JavaScript speaks JSON. */
function cborClient() {
  const settings = {
    defaultNamespace: 'com.amazonaws.cloudwatch',
    errorTypeRegistries: [module.errorTypeRegistries].flat(),
  };
  const protocol = new SmithyRpcV2CborProtocol(settings as never);
  return new module.CloudWatchClient({ ...front.configuration(), protocol } as object);
}

const clients = {
  json: () => new module.CloudWatchClient(front.configuration()),
  cbor: cborClient,
};

test.each(Object.entries(clients))('%s is spoken', async (_, clientOf) => {
  const client = clientOf();
  await client.send(new module.PutMetricDataCommand(input));
  expect(arrived).toMatchObject(input);
  const { MetricAlarms } = await client.send(new module.DescribeAlarmsCommand({}));
  expect(MetricAlarms).toEqual([alarm]);
  const unknown = { AlarmName: 'x', StateValue: 'OK', StateReason: 'x' } as const;
  await expect(client.send(new module.SetAlarmStateCommand(unknown))).rejects.toMatchObject({
    name: 'ResourceNotFound',
    message: 'Unknown alarm',
    $metadata: { httpStatusCode: 404 },
  });
});

test('Query is spoken, as older versions of the aws command line do', async () => {
  const credential = 'Credential=AKIATEST/20261122/us-east-1/monitoring/aws4_request';
  const ask = (form: Record<string, string>) =>
    fetch(front.endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 ${credential}` },
      body: new URLSearchParams({ Version: '2010-08-01', ...form }),
    });
  await ask({
    Action: 'PutMetricData',
    Namespace: 'test',
    'MetricData.member.1.MetricName': 'load',
    'MetricData.member.1.Value': '0.5',
    'MetricData.member.1.Timestamp': '2026-11-22T03:00:00Z',
    'MetricData.member.1.Dimensions.member.1.Name': 'a',
    'MetricData.member.1.Dimensions.member.1.Value': 'b',
  });
  expect(arrived).toEqual(input);
  const described = await ask({ Action: 'DescribeAlarms' });
  expect(await described.text()).toContain('<MetricAlarms><member><AlarmName>busy</AlarmName>');
  const refused = await ask({
    Action: 'SetAlarmState',
    AlarmName: 'x',
    StateValue: 'OK',
    StateReason: 'x',
  });
  expect(refused.status).toBe(404);
  expect(await refused.text()).toContain('<Code>ResourceNotFound</Code>');
});
