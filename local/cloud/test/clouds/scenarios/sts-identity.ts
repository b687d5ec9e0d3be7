import { STS } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

const otherAccount = '210987654321';
const RoleArn = `arn:aws:iam::${otherAccount}:role/certkeep-place`;
const RoleSessionName = 'certkeep-deploy';

async function asOther(cloud: CloudUnderTest) {
  cloud.trustingRole(RoleArn);
  const answer = await clientsOf(cloud).sts.assumeRole({ RoleArn, RoleSessionName });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return { answer, sts: new STS({ ...cloud.clientOptions(), credentials }) };
}

export const stsIdentity: ScenarioGroup = {
  title: 'STS',
  scenarios: {
    'a caller learns its account': async (cloud) => {
      const identity = await clientsOf(cloud).sts.getCallerIdentity({});
      expect(identity.Account).toBe(cloud.account);
      expect(identity.Arn).toContain(cloud.account);
    },
    'a role gives keys for an hour unless told otherwise': async (cloud) => {
      const { answer } = await asOther(cloud);
      const lastsMs =
        (answer.Credentials?.Expiration?.getTime() ?? 0) - cloud.clock.now().getTime();
      expect(Math.round(lastsMs / 60_000)).toBe(60);
    },
    'the role of another account acts in that account': async (cloud) => {
      const { sts } = await asOther(cloud);
      expect((await sts.getCallerIdentity({})).Account).toBe(otherAccount);
    },
    'a session is named by the role and the session name': async (cloud) => {
      const { answer } = await asOther(cloud);
      const session = `arn:aws:sts::${otherAccount}:assumed-role/certkeep-place/${RoleSessionName}`;
      expect(answer.AssumedRoleUser?.Arn).toBe(session);
    },
    'a session of less than a quarter of an hour is refused': async (cloud) => {
      const { sts } = clientsOf(cloud);
      const answer = sts.assumeRole({ RoleArn, RoleSessionName, DurationSeconds: 60 });
      await refused(answer, null);
    },
    'a session name of one character is refused': async (cloud) => {
      const answer = clientsOf(cloud).sts.assumeRole({ RoleArn, RoleSessionName: 'x' });
      await refused(answer, null);
    },
  },
};
