import { expect, test } from 'vitest';
import { configYaml, parsed } from '#test/support/config-yaml.ts';
import { expectRow, problemOf, type Row, shopWith } from '#test/support/mistakes.ts';

const id = '0f1e2d3c4b5a4987a6b5c4d3e2f1a0b9';
const ours = `arn:aws:kms:us-east-1:123456789012:key/mrk-${id}`;
const store = (kmsKey: string) => ({ retired: `keyStore: {kmsKey: "${kmsKey}"}` });
const single = ours.replace(`mrk-${id}`, '0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9');
const at = 'keyStore.kmsKey';

test('a multi-Region key of the home account and region is accepted, and one of one region without copies', () => {
  expect(parsed(configYaml(store(ours))).config.keyStore).toEqual({ kmsKey: ours });
  const alone = configYaml({ ...store(single), replicas: '' });
  expect(parsed(alone).config.keyStore).toEqual({ kmsKey: single });
});

const rows: readonly Row[] = [
  [
    'a key of one region, with copies',
    store(single),
    at,
    'is a key of one region alone, and the copies of secrets in eu-west-1 need one there',
    'aws kms replicate-key --replica-region eu-west-1',
  ],
  [
    'a key of another region',
    store(ours.replace('us-east-1', 'eu-west-1')),
    at,
    'is a key of eu-west-1, and the secrets are in us-east-1',
    'arn:aws:kms:us-east-1:123456789012:key/…',
  ],
  [
    'a key of another account',
    store(ours.replace('123456789012', '222222222222')),
    at,
    'is a key of the account 222222222222',
    'arn:aws:kms:us-east-1:123456789012:key/…',
  ],
  [
    'a partition that contradicts its region',
    store(ours.replace('arn:aws:', 'arn:aws-cn:')),
    at,
    'names the partition aws-cn',
    'Copy the ARN',
  ],
  [
    'the key of AWS',
    store('alias/aws/secretsmanager'),
    at,
    'is the key of AWS for secretsmanager',
    'secrets are then encrypted with a key of your account that the installation makes',
  ],
  ['an alias', store('alias/tls'), at, 'is an alias', 'aws kms describe-key --key-id alias/tls'],
  [
    'a retired key that is in use',
    { retired: `keyStore: {kmsKey: "${ours}"}\nretired: {kmsKeys: ["${ours}"]}` },
    'retired.kmsKeys[0]',
    'is in use: keyStore.kmsKey names it',
    'Remove it here',
  ],
  [
    'a retired key of another region',
    { retired: `retired: {kmsKeys: ["${ours.replace('us-east-1', 'eu-west-1')}"]}` },
    'retired.kmsKeys[0]',
    'is a key of eu-west-1',
    'home account and region',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test('of a text that only ends like an alias no command is made', () => {
  const problem = problemOf(configYaml(store('$(id):alias/tls')));
  expect(problem.path).toBe(at);
  expect(problem.fix).not.toContain('$(id)');
});

test('a key at a certificate is told to stand once for all', () => {
  const problem = problemOf(shopWith('kmsKey: alias/aws/secretsmanager'));
  expect(problem.path).toBe('certificates.shop.kmsKey');
  expect(problem.fix).toContain('write "keyStore: {kmsKey: arn:…}" once');
  expect(problem.fix).toContain('that of AWS (alias/aws/secretsmanager) is not used');
});
