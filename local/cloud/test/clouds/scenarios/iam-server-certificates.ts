import type { UploadServerCertificateCommandInput } from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import type { CertificateWish } from '#cloud/kit/certificates.ts';
import { certificateFor, imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

const path = '/certkeep/us-east-1/';
const tags = [{ Key: 'team', Value: 'web' }];

async function uploadInput(
  cloud: CloudUnderTest,
  wish: CertificateWish = {},
): Promise<UploadServerCertificateCommandInput> {
  const { certificatePem, chainPem, keyPem } = await certificateFor(cloud, wish);
  return {
    ServerCertificateName: uniqueName('server'),
    Path: path,
    CertificateBody: certificatePem,
    PrivateKey: keyPem,
    CertificateChain: chainPem,
  };
}

/** A server certificate that everybody knows. */
async function uploaded(cloud: CloudUnderTest, wish: CertificateWish = {}) {
  const { iam } = clientsOf(cloud);
  const input = await uploadInput(cloud, wish);
  const { ServerCertificateMetadata } = await iam.uploadServerCertificate(input);
  await cloud.waits.untilConsistent();
  const name = input.ServerCertificateName as string;
  return { iam, input, name, arn: ServerCertificateMetadata?.Arn as string };
}

async function boundToClassic(cloud: CloudUnderTest, SSLCertificateId: string) {
  const { elb } = clientsOf(cloud);
  const { arn } = await imported(cloud, { key: 'rsa-2048' });
  const LoadBalancerName = uniqueName('clb');
  const LoadBalancerPort = await freePort();
  await elb.createLoadBalancer({
    LoadBalancerName,
    AvailabilityZones: [`${homeRegion}a`],
    Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId: arn }],
  });
  const at = { LoadBalancerName, LoadBalancerPort };
  await elb.setLoadBalancerListenerSSLCertificate({ ...at, SSLCertificateId });
  await cloud.waits.untilConsistent();
  const { LoadBalancerDescriptions } = await elb.describeLoadBalancers({
    LoadBalancerNames: [LoadBalancerName],
  });
  return LoadBalancerDescriptions?.[0]?.ListenerDescriptions?.[0]?.Listener?.SSLCertificateId;
}

/** "You must upload … to IAM" what a Classic ELB does not take from ACM (classic/ssl-server-cert.html). */
function takesKey(key: NonNullable<CertificateWish['key']>): Scenario {
  return async (cloud) => {
    const { arn } = await uploaded(cloud, { key });
    expect(await boundToClassic(cloud, arn)).toBe(arn);
  };
}

export const iamServerCertificates: ScenarioGroup = {
  title: 'IAM, server certificates',
  scenarios: {
    'an upload answers with an ARN of its path and name': async (cloud) => {
      const { arn, name } = await uploaded(cloud);
      expect(arn).toBe(`arn:aws:iam::${cloud.account}:server-certificate${path}${name}`);
    },
    'what was uploaded is read back by its name, without its key': async (cloud) => {
      const { iam, input, name, arn } = await uploaded(cloud);
      const answer = await iam.getServerCertificate({ ServerCertificateName: name });
      const { ServerCertificate: read } = answer;
      expect(read?.ServerCertificateMetadata).toMatchObject({ Arn: arn, Path: path });
      expect(read?.CertificateBody?.trim()).toBe(input.CertificateBody?.trim());
      expect(JSON.stringify(answer)).not.toContain('PRIVATE KEY');
    },
    'the tags of an upload are read back': async (cloud) => {
      const { iam } = clientsOf(cloud);
      const input = await uploadInput(cloud);
      await iam.uploadServerCertificate({ ...input, Tags: tags });
      await cloud.waits.untilConsistent();
      const { ServerCertificateName } = input;
      const { ServerCertificate } = await iam.getServerCertificate({ ServerCertificateName });
      expect(ServerCertificate?.Tags).toEqual(tags);
    },
    'a second upload of a name is refused': async (cloud) => {
      const { iam, name } = await uploaded(cloud);
      const again = { ...(await uploadInput(cloud)), ServerCertificateName: name };
      await refused(iam.uploadServerCertificate(again), 'EntityAlreadyExistsException');
    },
    'a name is taken at every path of the account': async (cloud) => {
      const { iam, name } = await uploaded(cloud);
      const input = { ...(await uploadInput(cloud)), Path: '/elsewhere/' };
      const answer = iam.uploadServerCertificate({ ...input, ServerCertificateName: name });
      await refused(answer, 'EntityAlreadyExistsException');
    },
    'a key of another certificate is refused': async (cloud) => {
      const { PrivateKey } = await uploadInput(cloud);
      const input = { ...(await uploadInput(cloud)), PrivateKey };
      const answer = clientsOf(cloud).iam.uploadServerCertificate(input);
      await refused(answer, 'KeyPairMismatchException');
    },
    'a body that is no certificate is refused': async (cloud) => {
      const input = { ...(await uploadInput(cloud)), CertificateBody: 'certificate' };
      const answer = clientsOf(cloud).iam.uploadServerCertificate(input);
      await refused(answer, 'MalformedCertificateException');
    },
    'a chain that did not sign it is refused': async (cloud) => {
      const { CertificateBody: CertificateChain } = await uploadInput(cloud);
      const input = { ...(await uploadInput(cloud)), CertificateChain };
      const answer = clientsOf(cloud).iam.uploadServerCertificate(input);
      await refused(answer, 'MalformedCertificateException');
    },
    'a list holds those below a path': async (cloud) => {
      const { iam, name } = await uploaded(cloud);
      const listed = async (PathPrefix: string) => {
        const answer = await iam.listServerCertificates({ PathPrefix });
        return answer.ServerCertificateMetadataList?.map((each) => each.ServerCertificateName);
      };
      expect(await listed(path)).toContain(name);
      expect(await listed('/elsewhere/')).not.toContain(name);
    },
    'one that is not there is not found': async (cloud) => {
      const { iam } = clientsOf(cloud);
      const ServerCertificateName = uniqueName('gone');
      await refused(iam.getServerCertificate({ ServerCertificateName }), 'NoSuchEntityException');
      await refused(
        iam.deleteServerCertificate({ ServerCertificateName }),
        'NoSuchEntityException',
      );
    },
    'a deleted one is gone': async (cloud) => {
      const { iam, name: ServerCertificateName } = await uploaded(cloud);
      await iam.deleteServerCertificate({ ServerCertificateName });
      await cloud.waits.untilConsistent();
      await refused(iam.getServerCertificate({ ServerCertificateName }), 'NoSuchEntityException');
    },
    'the twenty-first of an account is refused': async (cloud) => {
      await cloud.reset();
      for (let at = 0; at < 20; at += 1) {
        await clientsOf(cloud).iam.uploadServerCertificate(await uploadInput(cloud));
      }
      const answer = clientsOf(cloud).iam.uploadServerCertificate(await uploadInput(cloud));
      await refused(answer, 'LimitExceededException');
      await cloud.reset();
    },
    'a Classic ELB takes an ECDSA key from IAM': takesKey('ecdsa-p256'),
    'a Classic ELB takes an RSA key of 4096 bits from IAM': takesKey('rsa-4096'),
    'one on a listener is in use and cannot be deleted': async (cloud) => {
      const { iam, arn, name: ServerCertificateName } = await uploaded(cloud);
      await boundToClassic(cloud, arn);
      const answer = iam.deleteServerCertificate({ ServerCertificateName });
      await refused(answer, 'DeleteConflictException');
    },
    'one that IAM does not have is not found for a listener': async (cloud) => {
      const { arn } = await uploaded(cloud);
      await refused(boundToClassic(cloud, `${arn}-gone`), 'CertificateNotFoundException');
    },
  },
};
