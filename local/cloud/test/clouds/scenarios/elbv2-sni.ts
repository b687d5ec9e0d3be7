import { expect } from 'vitest';
import { imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { createHttpsListener, listedCertificates } from '#cloud/kit/clouds/listeners.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A listener with a default, one certificate in its SNI list and one that it does not have. */
async function listenerWithList(cloud: CloudUnderTest) {
  const { arn: defaultArn } = await imported(cloud);
  const { arn: listedArn } = await imported(cloud, { names: ['a.example.com'] });
  const { arn: otherArn } = await imported(cloud, { names: ['b.example.com'] });
  const { listenerArn: ListenerArn } = await createHttpsListener(cloud, defaultArn);
  const { elbv2 } = clientsOf(cloud);
  const change = (CertificateArn: string) => ({ ListenerArn, Certificates: [{ CertificateArn }] });
  await elbv2.addListenerCertificates(change(listedArn));
  await cloud.waits.untilConsistent();
  return { elbv2, ListenerArn, defaultArn, listedArn, otherArn, change };
}

const limit = 25;

export const elbv2Sni: ScenarioGroup = {
  title: 'ELBv2, SNI list',
  scenarios: {
    'the list is shown with the default, which is marked': async (cloud) => {
      const { ListenerArn, defaultArn, listedArn } = await listenerWithList(cloud);
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([
        [defaultArn, true],
        [listedArn, false],
      ]);
    },
    'DescribeListeners shows the default alone': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn } = await listenerWithList(cloud);
      const { Listeners } = await elbv2.describeListeners({ ListenerArns: [ListenerArn] });
      const shown = Listeners?.[0]?.Certificates?.map(({ CertificateArn }) => CertificateArn);
      expect(shown).toEqual([defaultArn]);
    },
    'adding what is in the list already changes nothing': async (cloud) => {
      const { elbv2, ListenerArn, listedArn, change } = await listenerWithList(cloud);
      await elbv2.addListenerCertificates(change(listedArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toHaveLength(2);
    },
    'the default may stand in the list too and is then shown twice': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn, change } = await listenerWithList(cloud);
      await elbv2.addListenerCertificates(change(defaultArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual(
        expect.arrayContaining([
          [defaultArn, true],
          [defaultArn, false],
        ]),
      );
    },
    'adding answers with the certificate that was added': async (cloud) => {
      const { elbv2, otherArn, change } = await listenerWithList(cloud);
      const { Certificates } = await elbv2.addListenerCertificates(change(otherArn));
      const arns = Certificates?.map(({ CertificateArn }) => CertificateArn);
      expect(arns).toContain(otherArn);
    },
    'a certificate is removed from the list': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn, listedArn, change } = await listenerWithList(cloud);
      await elbv2.removeListenerCertificates(change(listedArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[defaultArn, true]]);
    },
    'the default cannot be removed': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn, change } = await listenerWithList(cloud);
      const answer = elbv2.removeListenerCertificates(change(defaultArn));
      await refused(answer, 'OperationNotPermittedException');
      expect(await listedCertificates(cloud, ListenerArn)).toHaveLength(2);
    },
    'two certificates in one call are refused': async (cloud) => {
      const { elbv2, ListenerArn, otherArn, defaultArn } = await listenerWithList(cloud);
      const Certificates = [{ CertificateArn: otherArn }, { CertificateArn: defaultArn }];
      const answer = elbv2.addListenerCertificates({ ListenerArn, Certificates });
      await refused(answer, null);
    },
    'IsDefault cannot be given': async (cloud) => {
      const { elbv2, ListenerArn, otherArn } = await listenerWithList(cloud);
      const Certificates = [{ CertificateArn: otherArn, IsDefault: true }];
      const answer = elbv2.addListenerCertificates({ ListenerArn, Certificates });
      await refused(answer, null);
    },
    'a certificate that ACM does not know is not found': async (cloud) => {
      const { elbv2, otherArn, change } = await listenerWithList(cloud);
      const gone = otherArn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
      const answer = elbv2.addListenerCertificates(change(gone));
      await refused(answer, 'CertificateNotFoundException');
    },
    'another default leaves the list as it is': async (cloud) => {
      const { elbv2, ListenerArn, listedArn, otherArn, change } = await listenerWithList(cloud);
      await elbv2.modifyListener(change(otherArn));
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([
        [otherArn, true],
        [listedArn, false],
      ]);
    },
    'a load balancer takes 25 certificates besides its defaults, and no more': async (cloud) => {
      const { elbv2, ListenerArn, change } = await listenerWithList(cloud);
      for (let held = 1; held < limit; held += 1) {
        await elbv2.addListenerCertificates(change((await imported(cloud)).arn));
      }
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toHaveLength(1 + limit);
      const { arn } = await imported(cloud);
      const answer = elbv2.addListenerCertificates(change(arn));
      await refused(answer, 'TooManyCertificatesException');
    },
  },
};
