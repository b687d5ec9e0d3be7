import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { imported } from './certificates.ts';

const answer = 'Type=fixed-response,FixedResponseConfig={StatusCode=200}';

export async function visitElbv2(aws: AwsCommand): Promise<void> {
  const first = await imported(aws, 'alb-default', { names: ['alb.example.com'] });
  const second = await imported(aws, 'alb-sni', { names: ['sni.example.com'] });
  const name = ['--name', 'visited', '--subnets', 'subnet-a', 'subnet-b'];
  const created = await aws.run('elbv2', 'CreateLoadBalancer', ...name);
  const arn: string = created.LoadBalancers[0].LoadBalancerArn;
  expect(await aws.run('elbv2', 'DescribeLoadBalancers', '--names', 'visited')).toEqual(created);

  await aws.run('elbv2', 'AddTags', '--resource-arns', arn, '--tags', 'Key=team,Value=web');
  const { TagDescriptions } = await aws.run('elbv2', 'DescribeTags', '--resource-arns', arn);
  expect(TagDescriptions[0].Tags).toEqual([{ Key: 'team', Value: 'web' }]);

  const of = ['--listener-arn', await listenerOf(aws, arn, first)];
  await aws.run('elbv2', 'AddListenerCertificates', ...of, ...certificate(second));
  expect(await certificatesOf(aws, of)).toEqual([first, second]);
  await aws.run('elbv2', 'RemoveListenerCertificates', ...of, ...certificate(second));
  expect(await certificatesOf(aws, of)).toEqual([first]);
  await aws.run('elbv2', 'ModifyListener', ...of, ...certificate(second));
  expect(await certificatesOf(aws, of)).toEqual([second]);

  await visitRules(aws, arn);

  const listed = await aws.run('elbv2', 'DescribeListeners', '--load-balancer-arn', arn);
  expect(listed.Listeners[0].Certificates).toEqual([{ CertificateArn: second }]);
  await aws.run('elbv2', 'DeleteListener', ...of);
}

async function visitRules(aws: AwsCommand, balancer: string): Promise<void> {
  const at = [
    '--load-balancer-arn',
    balancer,
    '--protocol',
    'HTTP',
    '--port',
    String(await freePort()),
  ];
  const http = await aws.run('elbv2', 'CreateListener', ...at, '--default-actions', answer);
  const of = ['--listener-arn', http.Listeners[0].ListenerArn];
  const group = await aws.run(
    'elbv2',
    'CreateTargetGroup',
    '--name',
    'visited',
    '--target-type',
    'lambda',
  );
  const groupArn: string = group.TargetGroups[0].TargetGroupArn;
  const fn = 'arn:aws:lambda:us-east-1:000000000000:function:visited';
  await aws.run(
    'elbv2',
    'RegisterTargets',
    '--target-group-arn',
    groupArn,
    '--targets',
    `Id=${fn}`,
  );
  const conditions = ['--conditions', 'Field=path-pattern,Values=/x'];
  const actions = ['--actions', `Type=forward,TargetGroupArn=${groupArn}`];
  const rule = ['--priority', '7', ...conditions, ...actions];
  const { Rules } = await aws.run('elbv2', 'CreateRule', ...of, ...rule);
  const described = await aws.run('elbv2', 'DescribeRules', ...of);
  expect(described.Rules.map(({ Priority }: { Priority: string }) => Priority)).toEqual([
    '7',
    'default',
  ]);
  await aws.run('elbv2', 'DeleteRule', '--rule-arn', Rules[0].RuleArn);
  await aws.run('elbv2', 'DeleteTargetGroup', '--target-group-arn', groupArn);
}

async function listenerOf(aws: AwsCommand, balancer: string, arn: string): Promise<string> {
  const port = String(await freePort());
  const args = ['--load-balancer-arn', balancer, '--protocol', 'HTTPS', '--port', port];
  const { Listeners } = await aws.run(
    'elbv2',
    'CreateListener',
    ...args,
    ...certificate(arn),
    '--default-actions',
    answer,
  );
  return Listeners[0].ListenerArn;
}

async function certificatesOf(aws: AwsCommand, of: readonly string[]): Promise<readonly string[]> {
  const { Certificates } = await aws.run('elbv2', 'DescribeListenerCertificates', ...of);
  return Certificates.map(({ CertificateArn }: { CertificateArn: string }) => CertificateArn);
}

function certificate(arn: string): readonly string[] {
  return ['--certificates', `CertificateArn=${arn}`];
}
