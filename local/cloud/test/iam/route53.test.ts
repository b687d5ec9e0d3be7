import type { Change } from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allow, type Clients, type IamLab, iamLab } from '#cloud/kit/iam-lab.ts';

let lab: IamLab;
let issue: Clients;
let HostedZoneId: string;
let otherZone: string;
beforeAll(async () => {
  lab = await iamLab();
  HostedZoneId = await zone('example.com');
  otherZone = await zone('example.org');
  issue = lab.as('issue', [
    allow(
      'route53:ChangeResourceRecordSets',
      `arn:aws:route53:::hostedzone/${HostedZoneId}`,
      onlyChallenges,
    ),
    allow('route53:GetChange', 'arn:aws:route53:::change/*'),
  ]);
});
afterAll(() => lab.close());

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html */
const onlyChallenges = {
  'ForAllValues:StringLike': {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
  },
  'ForAllValues:StringEquals': {
    'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
    'route53:ChangeResourceRecordSetsActions': ['UPSERT', 'CREATE', 'DELETE'],
  },
  Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
};

async function zone(Name: string): Promise<string> {
  const { HostedZone } = await lab.operator.route53.createHostedZone({
    Name,
    CallerReference: Name,
  });
  return HostedZone?.Id?.replace('/hostedzone/', '') as string;
}

function challenge(Name: string, Type: 'TXT' | 'A' = 'TXT'): Change {
  const Value = Type === 'TXT' ? '"x"' : '192.0.2.1';
  return {
    Action: 'CREATE',
    ResourceRecordSet: { Name, Type, TTL: 60, ResourceRecords: [{ Value }] },
  };
}

function change(changes: Change[], zoneId = HostedZoneId) {
  return issue.route53.changeResourceRecordSets({
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: changes },
  });
}

const denied = {
  name: 'AccessDenied',
  $metadata: { httpStatusCode: 403 },
};

test('challenges are changed, however their name is written, and the change is followed', async () => {
  const { ChangeInfo } = await change([
    challenge('_acme-challenge.example.com'),
    challenge('_ACME-Challenge.Shop.example.com.'),
  ]);
  const { ChangeInfo: followed } = await issue.route53.getChange({ Id: ChangeInfo?.Id });
  expect(followed?.Status).toBe('INSYNC');
});

test('a name that is no challenge refuses the whole batch, in the words of AWS', async () => {
  const foreign = change([challenge('_acme-challenge.a.example.com'), challenge('example.com')]);
  await expect(foreign).rejects.toMatchObject({
    ...denied,
    message:
      'User: arn:aws:sts::000000000000:assumed-role/issue/certkeep-issue is not authorized to perform: ' +
      `route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/${HostedZoneId} ` +
      'because no identity-based policy allows the route53:ChangeResourceRecordSets action',
  });
  const { ResourceRecordSets } = await lab.operator.route53.listResourceRecordSets({
    HostedZoneId,
  });
  expect(ResourceRecordSets?.map(({ Name }) => Name)).not.toContain(
    '_acme-challenge.a.example.com.',
  );
});

test('a record of another type is refused', async () => {
  await expect(change([challenge('_acme-challenge.b.example.com', 'A')])).rejects.toMatchObject(
    denied,
  );
});

test('another zone is refused', async () => {
  const elsewhere = change([challenge('_acme-challenge.example.org')], otherZone);
  await expect(elsewhere).rejects.toMatchObject(denied);
});

test('a batch that says nothing is refused by the guard against an empty context', async () => {
  await expect(change([])).rejects.toMatchObject(denied);
});

test('a wildcard is asked by its octal escape', async () => {
  lab.grant('issue', [
    allow('route53:ChangeResourceRecordSets', '*', {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['\\052.example.com'],
      },
    }),
  ]);
  await change([challenge('*.example.com')]);
  await expect(change([challenge('x.example.com')])).rejects.toMatchObject(denied);
});

test('an action without a resource level is refused without naming one', async () => {
  await expect(issue.route53.listHostedZones({})).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(
      /perform: route53:ListHostedZones because no identity-based policy allows the/,
    ),
  });
});
