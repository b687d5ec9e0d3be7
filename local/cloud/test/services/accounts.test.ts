import { ACM } from '@aws-sdk/client-acm';
import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cloud, startCloud, usualConsistency } from '#cloud/cloud.ts';
import { importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { operatorClient } from '#cloud/operator.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';

type Operator = ReturnType<typeof operatorOf>;

let cloud: Cloud;
let home: Operator;
let other: Operator;

beforeEach(async () => {
  const clock = virtualClock();
  const consistency = { ...usualConsistency, acmListLagMs: 0, elbCertificateLagMs: 0 };
  cloud = await startCloud({ clock, consistency });
  home = operatorOf();
  other = operatorOf('222222222222');
});
afterEach(() => cloud.close());

function operatorOf(account?: string) {
  const options = operatorClient(cloud, 'us-east-1', account);
  return {
    acm: new ACM(options),
    elb: new ElasticLoadBalancing(options),
    elbv2: new ElasticLoadBalancingV2(options),
  };
}

async function imported({ acm }: Operator): Promise<string> {
  const made = await makeCertificate({ key: 'rsa-2048' });
  return (await acm.importCertificate(importInput(made))).CertificateArn as string;
}

test('an account sees its own certificates only', async () => {
  const arns = [await imported(home), await imported(other)];
  expect(arns.map((arn) => arn.split(':')[4])).toEqual(['000000000000', '222222222222']);
  for (const [index, { acm }] of [home, other].entries()) {
    const { CertificateSummaryList = [] } = await acm.listCertificates({});
    expect(CertificateSummaryList.map(({ CertificateArn }) => CertificateArn)).toEqual([
      arns[index],
    ]);
    await expect(
      acm.describeCertificate({ CertificateArn: arns[1 - index] }),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  }
});

test('a load balancer takes no certificate of another account, and is in nobody else’s list', async () => {
  const foreign = await imported(home);
  const { LoadBalancers } = await other.elbv2.createLoadBalancer({ Name: 'shop' });
  const listener = {
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS' as const,
    Port: await freePort(),
    DefaultActions: [{ Type: 'forward' as const }],
  };
  const withForeign = { ...listener, Certificates: [{ CertificateArn: foreign }] };
  await expect(other.elbv2.createListener(withForeign)).rejects.toMatchObject({
    name: 'CertificateNotFoundException',
  });
  const Certificates = [{ CertificateArn: await imported(other) }];
  const { Listeners } = await other.elbv2.createListener({ ...listener, Certificates });
  const ListenerArns = [Listeners?.[0]?.ListenerArn as string];
  expect(ListenerArns[0]).toContain(':222222222222:listener/');
  await expect(home.elbv2.describeListeners({ ListenerArns })).rejects.toMatchObject({
    name: 'ListenerNotFoundException',
  });
  expect((await home.elbv2.describeLoadBalancers({})).LoadBalancers).toEqual([]);
});

test('the name of a Classic Load Balancer means another one in another account', async () => {
  for (const operator of [home, other]) {
    const SSLCertificateId = await imported(operator);
    const LoadBalancerPort = await freePort();
    const listener = { Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId };
    await operator.elb.createLoadBalancer({ LoadBalancerName: 'old', Listeners: [listener] });
  }
  const hosts = [home, other].map(async ({ elb }) => {
    const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({});
    expect(LoadBalancerDescriptions).toHaveLength(1);
    return LoadBalancerDescriptions?.[0]?.DNSName;
  });
  expect(new Set(await Promise.all(hosts)).size).toBe(2);
});
