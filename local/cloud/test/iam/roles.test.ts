import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  type Clients,
  type IamLab,
  iamLab,
  otherAccount,
  roleArn,
  type Statement,
  trusting,
} from '#cloud/kit/iam-lab.ts';

const place = roleArn('certkeep-r-place', otherAccount);
const deployRole = roleArn('deploy');
const assuming = allow('sts:AssumeRole', place);

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
});
afterEach(() => lab.close());

function trustIn(arn: string, trustPolicy: object, statements: readonly Statement[] = []) {
  const document = { Version: '2012-10-17', Statement: statements };
  lab.iam.putRole({ arn, trustPolicy, policies: [{ name: 'own', document }] });
}

function assume(by: Clients, RoleArn = place, ExternalId?: string) {
  return by.sts.assumeRole({
    RoleArn,
    RoleSessionName: 'certkeep-deploy',
    ...(ExternalId && { ExternalId }),
  });
}

async function inRole(by: Clients, RoleArn = place): Promise<Clients> {
  const { Credentials } = await assume(by, RoleArn);
  return lab.with({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
}

const denied = {
  name: 'AccessDenied',
  message:
    'User: arn:aws:sts::000000000000:assumed-role/deploy/certkeep-deploy is not authorized to ' +
    `perform: sts:AssumeRole on resource: ${place}`,
};

test('a role of another account is taken where both sides say so', async () => {
  trustIn(place, trusting({ AWS: deployRole }));
  await assume(lab.as('deploy', [assuming]));
});

test('neither side alone is enough across accounts', async () => {
  trustIn(place, trusting({ AWS: deployRole }));
  const deploy = lab.as('deploy', []);
  await expect(assume(deploy)).rejects.toMatchObject(denied);
  lab.grant('deploy', [assuming]);
  trustIn(place, trusting({ AWS: roleArn('verify') }));
  await expect(assume(deploy)).rejects.toMatchObject(denied);
});

test('a role that is not there is denied, to an administrator as well', async () => {
  const deploy = lab.as('deploy', [allow('*', '*')]);
  await expect(assume(deploy)).rejects.toMatchObject(denied);
  const atHome = assume(deploy, roleArn('nobody'));
  await expect(atHome).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume(lab.operator)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('an administrator takes the roles that trust the account, and no others', async () => {
  trustIn(place, trusting({ AWS: `arn:aws:iam::${account}:root` }));
  await assume(lab.operator);
  const shared = { StringEquals: { 'sts:ExternalId': 'shared' } };
  trustIn(place, trusting({ AWS: `arn:aws:iam::${account}:root` }, shared));
  await assume(lab.operator, place, 'shared');
  await expect(assume(lab.operator)).rejects.toMatchObject({ name: 'AccessDenied' });
  trustIn(place, trusting({ AWS: deployRole }));
  await expect(assume(lab.operator)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('conditions on the caller’s role and on the external id count', async () => {
  trustIn(
    place,
    trusting(
      { AWS: `arn:aws:iam::${account}:root` },
      {
        ArnEquals: { 'aws:PrincipalArn': deployRole },
        StringEquals: { 'sts:ExternalId': 'shared' },
      },
    ),
  );
  const deploy = lab.as('deploy', [assuming]);
  await assume(deploy, place, 'shared');
  await expect(assume(deploy, place, 'other')).rejects.toMatchObject(denied);
  await expect(assume(deploy)).rejects.toMatchObject(denied);
  const verify = lab.as('verify', [assuming]);
  await expect(assume(verify, place, 'shared')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('in its own account a role that is named needs no policy of its own', async () => {
  const other = roleArn('other');
  trustIn(other, trusting({ AWS: deployRole }));
  const deploy = lab.as('deploy', []);
  await assume(deploy, other);
  trustIn(other, trusting({ AWS: `arn:aws:iam::${account}:root` }));
  await expect(assume(deploy, other)).rejects.toMatchObject({ name: 'AccessDenied' });
  lab.grant('deploy', [allow('sts:AssumeRole', other)]);
  await assume(deploy, other);
});

test('the session may what the role may, in its account, and is still the same function', async () => {
  trustIn(place, trusting({ AWS: deployRole }), [
    { Sid: 'Look', ...allow('acm:ListCertificates', '*') },
  ]);
  const session = await inRole(lab.as('deploy', [assuming, allow('s3:ListAllMyBuckets', '*')]));
  expect(await session.sts.getCallerIdentity({})).toMatchObject({
    Account: otherAccount,
    Arn: `arn:aws:sts::${otherAccount}:assumed-role/certkeep-r-place/certkeep-deploy`,
  });
  await session.acm.listCertificates({});
  expect(lab.iam.decisions.at(-1)).toEqual({
    role: place,
    caller: 'deploy',
    action: 'acm:ListCertificates',
    resource: '*',
    allowed: true,
    decidedBy: [{ policy: 'own', sid: 'Look' }],
  });
  await expect(session.s3.listBuckets({})).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('everybody may ask for their own identity', async () => {
  const denies = { Effect: 'Deny', Action: '*', Resource: '*' };
  await lab.as('mute', [denies]).sts.getCallerIdentity({});
});

test('a role is found again, and forgotten', () => {
  lab.grant('deploy', [assuming]);
  expect(lab.iam.role(deployRole)?.policies).toHaveLength(1);
  lab.iam.deleteRole(deployRole);
  expect(lab.iam.role(deployRole)).toBeNull();
});

test('an invalid policy is our own error, not a refusal', async () => {
  const typo = { Effect: 'Allow', Actoin: 's3:GetObject', Resource: '*' };
  lab.grant('typo', [allow('s3:ListAllMyBuckets', '*'), typo]);
  const asked = { principal: roleArn('typo'), action: 's3:ListAllMyBuckets', resource: '*' };
  await expect(lab.iam.isAllowed(asked)).rejects.toThrow(/not a policy: .*Actoin/);
});
