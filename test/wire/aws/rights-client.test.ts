import { type Cloud, startCloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionRights } from '#infra/rights/rights.ts';
import type { Statement } from '#infra/rights/statement.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { deniedActions, type Publisher } from '#shared/channels/sns/rights-client.ts';
import { configWith } from '#test/support/healthy.ts';

const region = 'us-east-1';
const roleArn = `arn:aws:iam::${homeAccount}:role/certkeep-us-east-1-alert`;
const topicArn = `arn:aws:sns:${region}:${homeAccount}:certkeep-alerts`;
const keyArn = `arn:aws:kms:${region}:${homeAccount}:key/home`;

/** What the template gives alert. */
const config = configWith({ home: { account: homeAccount, region } });
const surroundings = { keyArn, replicaKeyArn: () => keyArn, configBucket: 'assets' };
const rights = functionRights('alert', config, surroundings);

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ clock: virtualClock(), consistency: atOnce, evaluatesAlarms: false });
});
afterAll(() => cloud.close());

const atOnce = {
  route53InsyncMs: 0,
  balancerSpreadMs: [0],
  replicationMs: 0,
  acmListLagMs: 0,
  acmInUseByLagMs: 0,
  elbCertificateLagMs: 0,
};

/** Gives the role these statements, and a boundary's denial if there is one. */
async function deniedWith(
  statements: readonly Statement[],
  denial?: object,
  publisher: Publisher = { keyArn, roleArn, topicArn },
) {
  const written = statements.map(({ actions, conditions, resources, sid }) => ({
    ...{ Sid: sid, Effect: 'Allow', Action: actions, Resource: resources },
    ...(conditions && { Condition: conditions }),
  }));
  const Statement = [...written, ...(denial ? [denial] : [])];
  cloud.roles.putRole({
    arn: roleArn,
    trust: { Version: '2012-10-17', Statement: [] },
    inline: new Map([['rights', { Version: '2012-10-17', Statement }]]),
    attached: [],
  });
  const options = clientOptions(operatorClient(cloud, region));
  return deniedActions(options, publisher);
}

const without = (sid: string) => rights.filter((each) => each.sid !== sid);

test('the role of the template may do all that publishing takes', async () => {
  expect(await deniedWith(rights)).toEqual([]);
});

test('what somebody took away from it is named', async () => {
  expect(await deniedWith(without('TellPeople'))).toEqual(['sns:Publish']);
  const ofKey = ['kms:GenerateDataKey', 'kms:Decrypt'];
  expect(await deniedWith(without('EncryptMessages'))).toEqual(ofKey);
});

test('a denial of other regions, as organizations have it, is none here', async () => {
  const Condition = { StringNotEquals: { 'aws:RequestedRegion': region } };
  const elsewhere = { Effect: 'Deny', Action: '*', Resource: '*', Condition };
  expect(await deniedWith(rights, elsewhere)).toEqual([]);
});

test('nobody knows where a policy asks for what is not known here', async () => {
  const Condition = { StringNotEquals: { 'aws:PrincipalTag/team': 'web' } };
  const untagged = { Effect: 'Deny', Action: 'sns:*', Resource: '*', Condition };
  await expect(deniedWith(rights, untagged)).rejects.toThrow(/ask for aws:principaltag\/team/);
});

test('of a topic or a key in another account nothing is found missing: the policies there decide with ours', async () => {
  const theirs = {
    topicArn: topicArn.replace(homeAccount, '222222222222'),
    keyArn: keyArn.replace(homeAccount, '222222222222'),
  };
  const all = { sid: 'All', actions: ['sns:*', 'kms:*'], resources: ['*'], reason: '' };
  expect(await deniedWith([all], undefined, { roleArn, ...theirs })).toEqual([]);
  // What is in the account of the role is still looked at.
  const half = { roleArn, topicArn: theirs.topicArn, keyArn };
  const ofKey = ['kms:GenerateDataKey', 'kms:Decrypt'];
  expect(await deniedWith(without('EncryptMessages'), undefined, half)).toEqual(ofKey);
});
