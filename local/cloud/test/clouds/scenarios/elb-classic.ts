import { expect } from 'vitest';
import { type CertificateWish, importInput } from '#cloud/kit/certificates.ts';
import { certificateFor, imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

/** A Classic Load Balancer with one HTTPS listener, and a second certificate to replace its first with. */
async function classic(cloud: CloudUnderTest, next: CertificateWish = {}) {
  const { elb } = clientsOf(cloud);
  const { arn } = await imported(cloud, { key: 'rsa-2048' });
  const { arn: nextArn } = await imported(cloud, { key: 'rsa-2048', ...next });
  const LoadBalancerName = uniqueName('clb');
  const LoadBalancerPort = await createClassic(cloud, LoadBalancerName, arn);
  const bound = async () => {
    const LoadBalancerNames = [LoadBalancerName];
    const answer = await elb.describeLoadBalancers({ LoadBalancerNames });
    const [first] = answer.LoadBalancerDescriptions?.[0]?.ListenerDescriptions ?? [];
    return first?.Listener?.SSLCertificateId;
  };
  return { elb, arn, nextArn, bound, at: { LoadBalancerName, LoadBalancerPort } };
}

async function createClassic(cloud: CloudUnderTest, name: string, arn: string) {
  const LoadBalancerPort = await freePort();
  await clientsOf(cloud).elb.createLoadBalancer({
    LoadBalancerName: name,
    AvailabilityZones: [`${homeRegion}a`],
    Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId: arn }],
  });
  return LoadBalancerPort;
}

/** Only RSA of 2048 bits comes through ACM; the error is not documented, so only that it is refused. */
function refusesKey(key: NonNullable<CertificateWish['key']>): Scenario {
  return async (cloud) => {
    const { elb, arn, nextArn, at, bound } = await classic(cloud, { key });
    const answer = elb.setLoadBalancerListenerSSLCertificate({ ...at, SSLCertificateId: nextArn });
    await refused(answer, null);
    expect(await bound()).toBe(arn);
  };
}

export const elbClassic: ScenarioGroup = {
  title: 'Classic ELB',
  scenarios: {
    'the certificate of a listener is shown by its ARN': async (cloud) => {
      const { arn, bound } = await classic(cloud);
      expect(await bound()).toBe(arn);
    },
    'SetLoadBalancerListenerSSLCertificate replaces the certificate': async (cloud) => {
      const { elb, nextArn, at, bound } = await classic(cloud);
      await elb.setLoadBalancerListenerSSLCertificate({ ...at, SSLCertificateId: nextArn });
      await cloud.waits.untilConsistent();
      expect(await bound()).toBe(nextArn);
    },
    'a certificate that ACM does not know is not found': async (cloud) => {
      const { elb, arn, at, bound } = await classic(cloud);
      const SSLCertificateId = arn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
      const answer = elb.setLoadBalancerListenerSSLCertificate({ ...at, SSLCertificateId });
      await refused(answer, 'CertificateNotFoundException');
      expect(await bound()).toBe(arn);
    },
    'a load balancer that is not there is not found': async (cloud) => {
      const { elb, nextArn, at } = await classic(cloud);
      const answer = elb.setLoadBalancerListenerSSLCertificate({
        ...at,
        LoadBalancerName: uniqueName('gone'),
        SSLCertificateId: nextArn,
      });
      await refused(answer, 'AccessPointNotFoundException');
    },
    'a port without a listener is not found': async (cloud) => {
      const { elb, nextArn, at } = await classic(cloud);
      const answer = elb.setLoadBalancerListenerSSLCertificate({
        ...at,
        LoadBalancerPort: at.LoadBalancerPort - 1,
        SSLCertificateId: nextArn,
      });
      await refused(answer, 'ListenerNotFoundException');
    },
    'an ECDSA key from ACM is refused': refusesKey('ecdsa-p256'),
    'an RSA key of 4096 bits from ACM is refused': refusesKey('rsa-4096'),
    'a certificate on a listener is in use and cannot be deleted': async (cloud) => {
      const { arn: CertificateArn } = await classic(cloud);
      await cloud.waits.untilConsistent();
      const answer = clientsOf(cloud).acm.deleteCertificate({ CertificateArn });
      await refused(answer, 'ResourceInUseException');
    },
    'a re-import keeps what a listener has': async (cloud) => {
      const { arn: CertificateArn, bound } = await classic(cloud);
      const input = importInput(await certificateFor(cloud, { key: 'rsa-2048' }));
      await clientsOf(cloud).acm.importCertificate({ ...input, CertificateArn });
      expect(await bound()).toBe(CertificateArn);
    },
    'a second load balancer of the same name is refused': async (cloud) => {
      const { nextArn, at } = await classic(cloud);
      const answer = createClassic(cloud, at.LoadBalancerName, nextArn);
      await refused(answer, 'DuplicateAccessPointNameException');
    },
    'tags are put and shown': async (cloud) => {
      const { elb, at } = await classic(cloud);
      const LoadBalancerNames = [at.LoadBalancerName];
      const Tags = [{ Key: 'certkeep:certificate', Value: 'shop' }];
      await elb.addTags({ LoadBalancerNames, Tags });
      const { TagDescriptions } = await elb.describeTags({ LoadBalancerNames });
      expect(TagDescriptions?.[0]?.Tags).toEqual(Tags);
    },
  },
};
