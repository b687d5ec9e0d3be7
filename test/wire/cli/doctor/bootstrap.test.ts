import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookupRole } from '#cli/aws/callers.ts';
import { account } from '#cli/prepare/doctor/checks/account.ts';
import { bootstrap } from '#cli/prepare/doctor/checks/bootstrap.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

const other = '111111111111';
const there = listenerArn('far', '1', { region: 'us-east-1', account: other });

let lab: DoctorLab;
beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${there}"}]
`),
  );
});
afterAll(() => lab?.close());

async function bootstrapped(region: string, Value: string, of = homeAccount) {
  const client = new SSMClient(lab.operatorIn(region, of));
  const Name = '/cdk-bootstrap/hnb659fds/version';
  await client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
}

test('an environment without a bootstrap is wrong, and so is an old one; the command mends it', async () => {
  await bootstrapped('eu-west-1', '5');
  const [first, second, third] = await lab.findings(bootstrap);
  expect(first).toEqual({
    mark: 'wrong',
    text: '000000000000/us-east-1 is not bootstrapped; at least version 6 is needed',
    command: 'npx cdk bootstrap aws://000000000000/us-east-1',
  });
  expect(second).toMatchObject({
    text: '000000000000/eu-west-1 has version 5; at least version 6 is needed',
    command: 'npx cdk bootstrap aws://000000000000/eu-west-1',
  });
  expect(third).toEqual({
    mark: 'not known',
    text: `${other}/us-east-1: your credentials may not look into account ${other} (its role cdk-hnb659fds-lookup-role-${other}-us-east-1 cannot be assumed)`,
    say: `With credentials of ${other}:`,
    command:
      'aws ssm get-parameter --region us-east-1 --name /cdk-bootstrap/hnb659fds/version --query Parameter.Value',
  });
});

test('what is bootstrapped is ok, in another account where its role for those who look lets one in', async () => {
  for (const region of ['us-east-1', 'eu-west-1']) await bootstrapped(region, '33');
  await bootstrapped('us-east-1', '8', other);
  lab.cloud.iam.putRole({
    arn: lookupRole({ account: other, region: 'us-east-1' }),
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: `arn:aws:iam::${homeAccount}:root` },
        },
      ],
    },
    policies: [
      {
        name: 'read',
        document: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'ssm:Get*', Resource: '*' }],
        },
      },
    ],
  });
  expect(lines(await lab.findings(bootstrap))).toEqual([
    'ok: 000000000000/us-east-1 has version 33',
    'ok: 000000000000/eu-west-1 has version 33',
    `ok: ${other}/us-east-1 has version 8`,
  ]);
});

test('credentials of another account are told', async () => {
  expect(lines(await lab.findings(account))).toEqual([
    expect.stringMatching(/^ok: arn:aws:iam::000000000000:.* is of the home account$/),
  ]);
  const [found] = await lab.findings(account, lab.configText, lab.as([], other));
  expect(found).toMatchObject({
    mark: 'wrong',
    text: expect.stringContaining(`is of account ${other}, and home is 000000000000`),
    command: 'AWS_PROFILE=PROFILE npx certkeep doctor --config certkeep.yaml',
  });
});
