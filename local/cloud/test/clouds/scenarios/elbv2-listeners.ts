import { expect } from 'vitest';
import { type CertificateWish, importInput } from '#cloud/kit/certificates.ts';
import {
  certificateFor,
  certificateWithOldKey,
  imported,
  importedArn,
} from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { createHttpsListener, listedCertificates } from '#cloud/kit/clouds/listeners.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

/** A listener can be created with a default of this kind. */
function takes(wish: CertificateWish): Scenario {
  return async (cloud) => {
    const { arn } = await imported(cloud, wish);
    const { listenerArn } = await createHttpsListener(cloud, arn);
    expect(await listedCertificates(cloud, listenerArn)).toEqual([[arn, true]]);
  };
}

async function listenerWithDefault(cloud: CloudUnderTest) {
  const { arn: defaultArn } = await imported(cloud);
  const { arn: otherArn } = await imported(cloud);
  const { listenerArn } = await createHttpsListener(cloud, defaultArn);
  return { elbv2: clientsOf(cloud).elbv2, ListenerArn: listenerArn, defaultArn, otherArn };
}

const absent = (arn: string) => arn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');

export const elbv2Listeners: ScenarioGroup = {
  title: 'ELBv2, default certificate',
  scenarios: {
    'a listener takes an ECDSA P-256 key': takes({}),
    'a listener takes an ECDSA P-384 key': takes({ key: 'ecdsa-p384' }),
    'a listener takes an RSA key of 2048 bits': takes({ key: 'rsa-2048' }),
    'a listener takes an RSA key of 3072 bits': takes({ key: 'rsa-3072' }),
    'a listener takes an RSA key of 4096 bits': takes({ key: 'rsa-4096' }),
    'an RSA key of 1024 bits is refused': async (cloud) => {
      const arn = await importedArn(cloud, await certificateWithOldKey(cloud, 'RSA_1024'));
      await refused(createHttpsListener(cloud, arn), null);
    },
    'an HTTPS listener without a certificate is refused': async (cloud) => {
      await refused(createHttpsListener(cloud, null), null);
    },
    'a certificate that ACM does not know is not found': async (cloud) => {
      const { arn } = await imported(cloud);
      await refused(createHttpsListener(cloud, absent(arn)), 'CertificateNotFoundException');
    },
    'ModifyListener replaces the default, which does not move to the list': async (cloud) => {
      const { elbv2, ListenerArn, otherArn } = await listenerWithDefault(cloud);
      const Certificates = [{ CertificateArn: otherArn }];
      await elbv2.modifyListener({ ListenerArn, Certificates });
      await cloud.waits.untilConsistent();
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[otherArn, true]]);
      const { Listeners } = await elbv2.describeListeners({ ListenerArns: [ListenerArn] });
      expect(Listeners?.[0]?.Certificates).toMatchObject(Certificates);
    },
    'ModifyListener with two defaults is refused': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn, otherArn } = await listenerWithDefault(cloud);
      const Certificates = [{ CertificateArn: defaultArn }, { CertificateArn: otherArn }];
      await refused(elbv2.modifyListener({ ListenerArn, Certificates }), null);
    },
    'ModifyListener keeps the certificate where none is given': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn } = await listenerWithDefault(cloud);
      await elbv2.modifyListener({ ListenerArn, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[defaultArn, true]]);
    },
    'ModifyListener to a certificate that ACM does not know changes nothing': async (cloud) => {
      const { elbv2, ListenerArn, defaultArn } = await listenerWithDefault(cloud);
      const Certificates = [{ CertificateArn: absent(defaultArn) }];
      const answer = elbv2.modifyListener({ ListenerArn, Certificates });
      await refused(answer, 'CertificateNotFoundException');
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[defaultArn, true]]);
    },
    'a policy that does not exist is refused': async (cloud) => {
      const { elbv2, ListenerArn } = await listenerWithDefault(cloud);
      const answer = elbv2.modifyListener({ ListenerArn, SslPolicy: 'NoSuchPolicy' });
      await refused(answer, 'SSLPolicyNotFoundException');
    },
    'a listener that is not there is not found': async (cloud) => {
      const { elbv2, ListenerArn, otherArn } = await listenerWithDefault(cloud);
      const gone = ListenerArn.replace(/[^/]+$/, '0123456789abcdef');
      const Certificates = [{ CertificateArn: otherArn }];
      await refused(
        elbv2.modifyListener({ ListenerArn: gone, Certificates }),
        'ListenerNotFoundException',
      );
    },
    'a certificate on a listener is in use and cannot be deleted': async (cloud) => {
      const { defaultArn: CertificateArn } = await listenerWithDefault(cloud);
      await cloud.waits.untilConsistent();
      const { acm } = clientsOf(cloud);
      const { Certificate } = await acm.describeCertificate({ CertificateArn });
      expect(Certificate?.InUseBy).toHaveLength(1);
      await refused(acm.deleteCertificate({ CertificateArn }), 'ResourceInUseException');
    },
    'a re-import keeps what listeners have': async (cloud) => {
      const { ListenerArn, defaultArn } = await listenerWithDefault(cloud);
      const input = importInput(await certificateFor(cloud));
      await clientsOf(cloud).acm.importCertificate({ ...input, CertificateArn: defaultArn });
      expect(await listedCertificates(cloud, ListenerArn)).toEqual([[defaultArn, true]]);
    },
    'a second listener on a port is refused': async (cloud) => {
      const { arn } = await imported(cloud);
      const { arn: other } = await imported(cloud);
      const { loadBalancerArn, port } = await createHttpsListener(cloud, arn);
      const answer = createHttpsListener(cloud, other, { loadBalancerArn, port });
      await refused(answer, 'DuplicateListenerException');
    },
  },
};
