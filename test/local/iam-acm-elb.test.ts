import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '#local/load-balancers/nodes.ts';
import { importInput, makeCertificate } from '../support/certificates.ts';
import { account, allow, type Clients, type IamLab, iamLab, region } from '../support/iam-lab.ts';

let lab: IamLab;
let deploy: Clients;
let ours: string;
let foreign: string;
let listeners: { readonly ours: string; readonly foreign: string };

const managed = [{ Key: 'certkeep:managed', Value: 'certkeep' }];
const certificates = `arn:aws:acm:*:${account}:certificate/*`;
const tagged = (key: 'aws:RequestTag' | 'aws:ResourceTag') => ({
  StringEquals: { [`${key}/certkeep:managed`]: 'certkeep' },
});

beforeAll(async () => {
  lab = await iamLab();
  deploy = lab.as('deploy', [
    allow(['acm:ImportCertificate', 'acm:AddTagsToCertificate'], certificates, {
      ...tagged('aws:RequestTag'),
    }),
    allow(
      ['acm:ImportCertificate', 'acm:DeleteCertificate', 'acm:DescribeCertificate'],
      certificates,
      tagged('aws:ResourceTag'),
    ),
    allow('elasticloadbalancing:ModifyListener', '*', {
      StringEquals: { 'elasticloadbalancing:ResourceTag/certkeep:managed': 'certkeep' },
    }),
  ]);
  const { acm, elbv2 } = lab.operator;
  const made = importInput(await makeCertificate());
  const imported = await deploy.acm.importCertificate({ ...made, Tags: managed });
  ours = imported.CertificateArn as string;
  foreign = (await acm.importCertificate(made)).CertificateArn as string;
  const { LoadBalancers } = await elbv2.createLoadBalancer({ Name: 'shop' });
  const listener = async (Tags?: typeof managed) => {
    const { Listeners } = await elbv2.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: await freePort(),
      Certificates: [{ CertificateArn: ours }],
      DefaultActions: [{ Type: 'forward' }],
      ...(Tags && { Tags }),
    });
    return Listeners?.[0]?.ListenerArn as string;
  };
  listeners = { ours: await listener(managed), foreign: await listener() };
});
afterAll(() => lab.close());

const denied = { name: 'AccessDeniedException' };

test('a first import needs the tag in the request, and the right to tag', async () => {
  const made = importInput(await makeCertificate());
  await expect(deploy.acm.importCertificate(made)).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining(
      `acm:ImportCertificate on resource: arn:aws:acm:${region}:${account}:certificate/* because`,
    ),
  });
  const untagging = lab.as('untagging', [allow('acm:ImportCertificate', certificates)]);
  await untagging.acm.importCertificate(made);
  await expect(untagging.acm.importCertificate({ ...made, Tags: managed })).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining('perform: acm:AddTagsToCertificate on resource'),
  });
});

test('a re-import needs the tag on the certificate', async () => {
  const made = importInput(await makeCertificate());
  await deploy.acm.importCertificate({ ...made, CertificateArn: ours });
  await expect(
    deploy.acm.importCertificate({ ...made, CertificateArn: foreign }),
  ).rejects.toMatchObject(denied);
});

test('what is ours may be looked at, what is not may not even be deleted', async () => {
  await deploy.acm.describeCertificate({ CertificateArn: ours });
  await expect(deploy.acm.deleteCertificate({ CertificateArn: foreign })).rejects.toMatchObject(
    denied,
  );
  await expect(deploy.acm.listCertificates({})).rejects.toMatchObject(denied);
});

test('a right for one certificate is no right to import another one', async () => {
  const one = lab.as('one', [allow('acm:ImportCertificate', ours)]);
  const made = importInput(await makeCertificate());
  await expect(one.acm.importCertificate(made)).rejects.toMatchObject(denied);
});

test('a listener is changed where it carries the tag', async () => {
  const certificate = { Certificates: [{ CertificateArn: ours }] };
  await deploy.elbv2.modifyListener({ ListenerArn: listeners.ours, ...certificate });
  await expect(
    deploy.elbv2.modifyListener({ ListenerArn: listeners.foreign, ...certificate }),
  ).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
});

test('a classic load balancer is named by its name, and its tags count', async () => {
  const { elb } = lab.operator;
  const listener = { Protocol: 'HTTP', LoadBalancerPort: await freePort(), InstancePort: 80 };
  await elb.createLoadBalancer({
    LoadBalancerName: 'legacy',
    Listeners: [listener],
    Tags: [{ Key: 'team', Value: 'web' }],
  });
  const set = { LoadBalancerName: 'legacy', LoadBalancerPort: 1, SSLCertificateId: ours };
  const action = 'elasticloadbalancing:SetLoadBalancerListenerSSLCertificate';
  const of = (team: string) => [
    allow(action, `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/legacy`, {
      StringEquals: { 'aws:ResourceTag/team': team },
    }),
  ];
  const web = lab.as('web', of('web'));
  // Past IAM, ELB itself finds no listener on that port.
  await expect(web.elb.setLoadBalancerListenerSSLCertificate(set)).rejects.toMatchObject({
    name: 'ListenerNotFoundException',
  });
  const shop = lab.as('shop', of('shop'));
  await expect(shop.elb.setLoadBalancerListenerSSLCertificate(set)).rejects.toMatchObject({
    name: 'AccessDenied',
  });
});

test('to tag a listener is not known to the simulator, and said to be so', async () => {
  const tagging = lab.as('tagging', [allow('*', '*')]);
  const tags = { ResourceArns: [listeners.ours], Tags: managed };
  await expect(tagging.elbv2.addTags(tags)).rejects.toMatchObject({ name: 'NotImplemented' });
});
