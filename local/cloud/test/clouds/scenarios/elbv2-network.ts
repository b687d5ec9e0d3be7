import { expect } from 'vitest';
import type { CertificateWish } from '#cloud/kit/certificates.ts';
import { certificateWithOldKey, imported, importedArn } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { createTlsListener, listedCertificates } from '#cloud/kit/clouds/listeners.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

/** A TLS listener can be created with a default of this kind. */
function takes(wish: CertificateWish): Scenario {
  return async (cloud) => {
    const { arn } = await imported(cloud, wish);
    const { listenerArn } = await createTlsListener(cloud, arn);
    expect(await listedCertificates(cloud, listenerArn)).toEqual([[arn, true]]);
  };
}

async function listenerWithDefault(cloud: CloudUnderTest) {
  const { arn: defaultArn } = await imported(cloud);
  const { arn: otherArn } = await imported(cloud, { names: ['b.example.com'] });
  const { listenerArn: ListenerArn, loadBalancerArn } = await createTlsListener(cloud, defaultArn);
  const change = (CertificateArn: string) => ({ ListenerArn, Certificates: [{ CertificateArn }] });
  const { elbv2 } = clientsOf(cloud);
  return { elbv2, ListenerArn, loadBalancerArn, defaultArn, otherArn, change };
}

const limit = 25;

export const elbv2Network: ScenarioGroup = {
  title: 'ELBv2, network load balancer',
  scenarios: {
    'its ARNs have a form of their own': async (cloud) => {
      const { ListenerArn, loadBalancerArn } = await listenerWithDefault(cloud);
      expect(loadBalancerArn).toContain(':loadbalancer/net/');
      expect(ListenerArn).toContain(':listener/net/');
    },
    'it is of type network, and its listener speaks TLS': async (cloud) => {
      const { elbv2, ListenerArn, loadBalancerArn } = await listenerWithDefault(cloud);
      const LoadBalancerArns = [loadBalancerArn];
      const { LoadBalancers } = await elbv2.describeLoadBalancers({ LoadBalancerArns });
      expect(LoadBalancers?.[0]?.Type).toBe('network');
      const { Listeners } = await elbv2.describeListeners({ ListenerArns: [ListenerArn] });
      expect(Listeners?.[0]?.Protocol).toBe('TLS');
    },
    'a TLS listener takes an ECDSA P-256 key': takes({}),
    'a TLS listener takes an ECDSA P-384 key': takes({ key: 'ecdsa-p384' }),
    'a TLS listener takes an RSA key of 3072 bits': takes({ key: 'rsa-3072' }),
    'a TLS listener takes an RSA key of 1024 bits': async (cloud) => {
      const arn = await importedArn(cloud, await certificateWithOldKey(cloud, 'RSA_1024'));
      await createTlsListener(cloud, arn);
    },
    'a TLS listener refuses an RSA key of 4096 bits': async (cloud) => {
      const { arn } = await imported(cloud, { key: 'rsa-4096' });
      await refused(createTlsListener(cloud, arn), null);
    },
    'a TLS listener without a certificate is refused': async (cloud) => {
      await refused(createTlsListener(cloud, null), null);
    },
    'HTTPS is none of its protocols': async (cloud) => {
      const { arn } = await imported(cloud);
      await refused(createTlsListener(cloud, arn, { protocol: 'HTTPS' }), null);
    },
    'a TCP listener has no certificates': async (cloud) => {
      const { listenerArn } = await createTlsListener(cloud, null, { protocol: 'TCP' });
      expect(await listedCertificates(cloud, listenerArn)).toEqual([]);
    },
    'ModifyListener replaces the default': async (cloud) => {
      const { elbv2, ListenerArn, otherArn, change } = await listenerWithDefault(cloud);
      await elbv2.modifyListener(change(otherArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[otherArn, true]]);
    },
    'another default leaves the ALPN policy as it is': async (cloud) => {
      const { elbv2, ListenerArn, otherArn, change } = await listenerWithDefault(cloud);
      await elbv2.modifyListener({ ListenerArn, AlpnPolicy: ['HTTP2Preferred'] });
      await elbv2.modifyListener(change(otherArn));
      const { Listeners } = await elbv2.describeListeners({ ListenerArns: [ListenerArn] });
      expect(Listeners?.[0]?.AlpnPolicy).toEqual(['HTTP2Preferred']);
    },
    'a certificate joins the list, and leaves it': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn, otherArn, change } = await listenerWithDefault(cloud);
      await elbv2.addListenerCertificates(change(otherArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([
        [defaultArn, true],
        [otherArn, false],
      ]);
      await elbv2.removeListenerCertificates(change(otherArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[defaultArn, true]]);
    },
    'it takes 25 certificates with its default, and no more': async (cloud) => {
      const { elbv2, ListenerArn, change } = await listenerWithDefault(cloud);
      for (let held = 1; held < limit; held += 1) {
        await elbv2.addListenerCertificates(change((await imported(cloud)).arn));
      }
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toHaveLength(limit);
      const { arn } = await imported(cloud);
      await refused(elbv2.addListenerCertificates(change(arn)), 'TooManyCertificatesException');
    },
  },
};
