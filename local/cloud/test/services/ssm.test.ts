import {
  GetParameterCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { functionIdentity } from '#cloud/kit/function-identity.ts';
import { ssm, ssmService } from '#cloud/services/ssm/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let front: LocalFront;
let client: SSMClient;

beforeEach(async () => {
  front = await localFront([ssmService(ssm({ clock: virtualClock(), maxParameters: 2 }))]);
  client = new SSMClient(front.configuration());
});
afterEach(() => front.close());

const Name = '/certkeep/shop/certificate-arn';

function put(change: Partial<PutParameterCommandInput> = {}) {
  const input = { Name, Value: 'one', Type: 'String' as const, Overwrite: true, ...change };
  return client.send(new PutParameterCommand(input));
}

async function get(asked = Name, from = client) {
  return (await from.send(new GetParameterCommand({ Name: asked }))).Parameter;
}

test('a parameter is there after it was put, with its ARN and version', async () => {
  expect(await put()).toMatchObject({ Version: 1, Tier: 'Standard' });
  const arn = `arn:aws:ssm:us-east-1:000000000000:parameter${Name}`;
  const found = {
    Name,
    Type: 'String',
    Value: 'one',
    Version: 1,
    ARN: arn,
    DataType: 'text',
    LastModifiedDate: new Date('2026-11-22T03:00:00Z'),
  };
  expect(await get()).toEqual(found);
  expect(await get(arn)).toEqual(found);
});

test('a version that is asked for is named in the answer, and one that is not there not found', async () => {
  await put();
  expect(await get(`${Name}:1`)).toMatchObject({ Selector: ':1' });
  await expect(get(`${Name}:3`)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
});

test('with more than a hundred versions the oldest is deleted', async () => {
  for (let count = 0; count < 101; count += 1) await put({ Value: String(count) });
  expect(await get()).toMatchObject({ Version: 101 });
  expect(await get(`${Name}:2`)).toMatchObject({ Value: '1' });
  await expect(get(`${Name}:1`)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
});

test('a leading slash alone makes no other parameter', async () => {
  await put({ Name: 'shop' });
  await expect(put({ Name: '/shop', Overwrite: false })).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
  });
  expect(await get('/shop')).toMatchObject({ Value: 'one' });
});

test.each<[string, Partial<PutParameterCommandInput>, string]>([
  ['a name with a space', { Name: '/certkeep/my shop' }, 'ValidationException'],
  ['a path that does not begin with a slash', { Name: 'a/b' }, 'ValidationException'],
  ['a path that ends with one', { Name: '/a/b/' }, 'ValidationException'],
  ['a name that belongs to SSM', { Name: '/SSM-certs/shop' }, 'AccessDeniedException'],
  ['an ARN that is too long', { Name: `/${'a'.repeat(1_000)}` }, 'ValidationException'],
  ['an empty value', { Value: '' }, 'ValidationException'],
  ['a value that names a parameter', { Value: '{{ssm:other}}' }, 'ValidationException'],
  ['tags together with Overwrite', { Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException'],
  ['a secret', { Type: 'SecureString' }, 'NotImplemented'],
  ['another tier', { Tier: 'Advanced' }, 'NotImplemented'],
  ['a policy', { Policies: '[]' }, 'NotImplemented'],
])('%s is refused', async (_, change, name) => {
  await expect(put(change)).rejects.toMatchObject({ name });
  await expect(get()).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('the type of a parameter does not change', async () => {
  await put();
  await expect(put({ Type: 'StringList' })).rejects.toMatchObject({
    name: 'HierarchyTypeMismatchException',
  });
  expect(await put({ Type: undefined, Value: 'two' })).toMatchObject({ Version: 2 });
});

test('a region holds as many as its quota, and takes new versions of those', async () => {
  await put({ Name: '/a' });
  await put({ Name: '/b' });
  await expect(put({ Name: '/c' })).rejects.toMatchObject({ name: 'ParameterLimitExceeded' });
  await put({ Name: '/b', Value: 'two' });
});

test('another account or region has parameters of its own', async () => {
  await put();
  front.accounts.register('AKIAOTHER', functionIdentity('deploy', '222222222222'));
  const others = [{ region: 'eu-west-1' }, { accessKeyId: 'AKIAOTHER' }];
  for (const options of others) {
    const other = new SSMClient(front.configuration(options));
    await expect(get(Name, other)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }
});
