import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { imported } from './certificates.ts';

export async function visitElb(aws: AwsCommand): Promise<void> {
  const wish = { key: 'rsa-2048', names: ['classic.example.com'] } as const;
  const first = await imported(aws, 'clb-first', wish);
  const second = await imported(aws, 'clb-second', wish);
  const port = String(await freePort());
  const of = ['--load-balancer-name', 'classic'];
  const listener = [
    'Protocol=HTTPS',
    `LoadBalancerPort=${port}`,
    'InstanceProtocol=HTTP',
    'InstancePort=80',
    `SSLCertificateId=${first}`,
  ].join();
  const created = await aws.run(
    'elb',
    'CreateLoadBalancer',
    ...of,
    '--subnets',
    'subnet-a',
    '--listeners',
    listener,
  );
  expect(created.DNSName).toMatch(/\.elb\.amazonaws\.com$/);

  const next = ['--load-balancer-port', port, '--ssl-certificate-id', second];
  await aws.run('elb', 'SetLoadBalancerListenerSSLCertificate', ...of, ...next);
  const { LoadBalancerDescriptions: described } = await aws.run('elb', 'DescribeLoadBalancers');
  expect(described[0].ListenerDescriptions[0].Listener.SSLCertificateId).toBe(second);

  const named = ['--load-balancer-names', 'classic'];
  await aws.run('elb', 'AddTags', ...named, '--tags', 'Key=team,Value=web');
  const { TagDescriptions } = await aws.run('elb', 'DescribeTags', ...named);
  expect(TagDescriptions[0].Tags).toEqual([{ Key: 'team', Value: 'web' }]);
}
