import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Cloud } from 'local-cloud/cloud.ts';
import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { lookupRole } from '#cli/aws/callers.ts';
import { type Place, placeKey } from '#shared/place.ts';

/** What the pinned CDK makes. */
const version = '33';

/**
 * What `cdk bootstrap` leaves in each account and region of the stacks, as far as anybody reads it: the version, and the
 * role of those who look, which the home account may assume.
 */
export async function bootstrapAll(cloud: Cloud, { stacks }: Assembly): Promise<void> {
  const places = new Map(
    stacks.map(({ account, region }) => [placeKey({ account, region }), { account, region }]),
  );
  for (const place of places.values()) await bootstrapAt(cloud, place);
}

export async function bootstrapAt(cloud: Cloud, place: Place): Promise<void> {
  const ssm = new SSMClient(operatorClient(cloud, place.region, place.account));
  const Name = '/cdk-bootstrap/hnb659fds/version';
  await ssm.send(
    new PutParameterCommand({ Name, Value: version, Type: 'String', Overwrite: true }),
  );
  cloud.iam.putRole({
    arn: lookupRole(place),
    trustPolicy: policy({
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${homeAccount}:root` },
    }),
    policies: [{ name: 'read', document: policy({ Action: readActions, Resource: '*' }) }],
  });
}

/** ReadOnlyAccess, of the services here. */
const readActions = [
  'acm',
  'cloudwatch',
  'elasticloadbalancing',
  'lambda',
  'route53',
  'sns',
  'ssm',
].flatMap((service) => ['Describe', 'Get', 'List'].map((verb) => `${service}:${verb}*`));

function policy(statement: object) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}
