import { afterAll, beforeAll, expect, test } from 'vitest';
import { importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { account, allow, type Clients, type IamLab, iamLab, region } from '#cloud/kit/iam-lab.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';

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

test('our certificates may be described; others may not even be deleted', async () => {
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

test('a listener gets the tags that a policy names, and no other', async () => {
  const tagging = lab.as('tagging', [
    allow('elasticloadbalancing:AddTags', listeners.ours, {
      'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
      Null: { 'aws:TagKeys': 'false' },
    }),
  ]);
  const ResourceArns = [listeners.ours];
  const mark = { Key: 'certkeep:previous-of:shop', Value: 'arn' };
  await tagging.elbv2.addTags({ ResourceArns, Tags: [mark] });
  for (const Tags of [managed, [mark, ...managed]]) {
    await expect(tagging.elbv2.addTags({ ResourceArns, Tags })).rejects.toThrow(/not authorized/);
  }
});

test('a rule is made at one listener and with the tag, and only such a rule is removed', async () => {
  const { elbv2 } = lab.operator;
  const listenerOf = async (Name: string) => {
    const { LoadBalancers } = await elbv2.createLoadBalancer({ Name });
    const { Listeners } = await elbv2.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: await freePort(),
      DefaultActions: [{ Type: 'forward' }],
    });
    return Listeners?.[0]?.ListenerArn as string;
  };
  const [one, other] = [await listenerOf('one'), await listenerOf('other')];
  const rules = `${one.replace(':listener/', ':listener-rule/')}/*`;
  const solver = lab.as('solver', [
    allow('elasticloadbalancing:CreateRule', one, tagged('aws:RequestTag')),
    allow('elasticloadbalancing:AddTags', rules, {
      StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' },
    }),
    allow('elasticloadbalancing:DeleteRule', rules, tagged('aws:ResourceTag')),
  ]);
  const rule = {
    ListenerArn: one,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
    Actions: [{ Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '200' } }],
  };
  const refused = { name: 'AccessDenied' };
  await expect(solver.elbv2.createRule(rule)).rejects.toMatchObject(refused);
  await expect(
    solver.elbv2.createRule({ ...rule, ListenerArn: other, Tags: managed }),
  ).rejects.toMatchObject(refused);
  const made = await solver.elbv2.createRule({ ...rule, Tags: managed });
  const foreign = await elbv2.createRule({ ...rule, Priority: 2 });
  const RuleArn = foreign.Rules?.[0]?.RuleArn;
  await expect(solver.elbv2.deleteRule({ RuleArn })).rejects.toMatchObject(refused);
  await solver.elbv2.deleteRule({ RuleArn: made.Rules?.[0]?.RuleArn });
  const tagless = lab.as('tagless', [allow('elasticloadbalancing:CreateRule', one)]);
  await expect(tagless.elbv2.createRule({ ...rule, Tags: managed })).rejects.toMatchObject({
    message: expect.stringContaining('elasticloadbalancing:AddTags'),
  });
});
