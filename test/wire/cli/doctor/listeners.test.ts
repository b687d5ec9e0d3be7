import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAM } from '@aws-sdk/client-iam';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmQuota } from '#cli/prepare/doctor/checks/acm-quota.ts';
import { executions } from '#cli/prepare/doctor/checks/executions.ts';
import { iamQuota } from '#cli/prepare/doctor/checks/iam-quota.ts';
import { listRoom } from '#cli/prepare/doctor/checks/list-room.ts';
import { listeners } from '#cli/prepare/doctor/checks/listeners.ts';
import { readBack } from '#local/demo/landscape.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText, listenerArn, networkListenerArn } from '#test/support/fleet.ts';

let lab: DoctorLab;
let listener: string;
let network: string;

beforeAll(async () => {
  lab = await doctorLab(
    configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}", certificate: sni}]
  legacy:
    names: [legacy.example.com]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: legacy}]
  mail:
    names: [mail.example.com]
    issuer: local
    targets: [{type: nlb, listener: "${networkListenerArn('mail')}"}]
`),
  );
  const targets = readBack(lab.configText).config.certificates.flatMap((each) => each.targets);
  [listener = '', network = ''] = targets.filter(hasList).map((each) => each.listener);
});
afterAll(() => lab?.close());

const elb = () => new ElasticLoadBalancingV2Client(lab.operatorIn('us-east-1'));

test('listeners that serve over TLS are ok', async () => {
  expect(lines(await lab.findings(listeners))).toEqual([
    expect.stringMatching(/^ok: web:\d+ serves over TLS$/),
    expect.stringMatching(/^ok: legacy:\d+ serves over TLS$/),
    expect.stringMatching(/^ok: mail:\d+ serves over TLS$/),
  ]);
});

test('a listener that is not there, and a port without one, are wrong; the command shows those that are', async () => {
  const gone = listener.replace(/.{8}$/, '00000000');
  const text = lab.configText
    .replaceAll(listener, gone)
    .replace(/port: \d+/, 'port: 9443')
    .replaceAll(network, network.replace(/.{8}$/, '00000000'));
  const found = await lab.findings(listeners, text);
  expect(found).toEqual([
    {
      mark: 'wrong',
      text: expect.stringContaining('listener/app/web/'),
      say: 'These listeners are there:',
      command: `aws elbv2 describe-listeners --region us-east-1 --load-balancer-arn ${loadBalancerOf(listener)}`,
    },
    {
      mark: 'wrong',
      text: 'legacy:9443: ELB: legacy has no listener on 9443',
      say: 'These listeners are there:',
      command: 'aws elb describe-load-balancers --region us-east-1 --load-balancer-names legacy',
    },
    {
      mark: 'wrong',
      text: expect.stringContaining('listener/net/mail/'),
      say: 'These listeners are there:',
      command: `aws elbv2 describe-listeners --region us-east-1 --load-balancer-arn ${loadBalancerOf(network)}`,
    },
  ]);
});

test('a listener without TLS is wrong', async () => {
  const { Listeners } = await elb().send(
    new DescribeListenersCommand({ ListenerArns: [listener] }),
  );
  const made = await elb().send(
    new CreateListenerCommand({
      LoadBalancerArn: Listeners?.[0]?.LoadBalancerArn,
      Protocol: 'HTTP',
      Port: await freePort(),
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    }),
  );
  const plain = made.Listeners?.[0]?.ListenerArn ?? '';
  const [first] = await lab.findings(listeners, lab.configText.replaceAll(listener, plain));
  expect(first).toMatchObject({
    mark: 'wrong',
    text: expect.stringContaining('is not an HTTPS listener but one of HTTP'),
  });
});

async function fill(
  count: number,
  { Tags = [], at = listener }: { Tags?: { Key: string; Value: string }[]; at?: string } = {},
) {
  const acm = new ACMClient(lab.operatorIn('us-east-1'));
  for (let index = 0; index < count; index += 1) {
    const { certificatePem, chainPem, keyPem } = await makeCertificate({ now: new Date() });
    const { CertificateArn } = await acm.send(
      new ImportCertificateCommand({
        Certificate: Buffer.from(certificatePem),
        CertificateChain: Buffer.from(chainPem),
        PrivateKey: Buffer.from(keyPem),
        ...(Tags.length > 0 && { Tags }),
      }),
    );
    const Certificates = [{ CertificateArn }];
    await elb().send(new AddListenerCertificatesCommand({ ListenerArn: at, Certificates }));
  }
}

test('a list has room for the certificates of the file, those of certkeep counted once', async () => {
  await fill(1, { Tags: [{ Key: 'certkeep:managed', Value: 'certkeep' }] });
  await fill(23);
  expect(lines(await lab.findings(listRoom))).toEqual([
    'ok: web needs 25 of 25 places (24 of others, 1 of this file)',
  ]);
  await fill(1);
  expect(lines(await lab.findings(listRoom))).toEqual([
    'ok: web needs 25 of 25 places (24 of others, 1 of this file)',
  ]);
});

test('a list without room is wrong, and the command asks AWS for more', async () => {
  const text = lab.configText.replace('shop:', 'shop2:').replace('shop.example', 'shop2.example');
  const block = /^ {2}shop2:\n(?: {4}.*\n)+/m.exec(text)?.[0] ?? '';
  expect(block).not.toBe('');
  const [found] = await lab.findings(
    listRoom,
    lab.configText.replace(/^ {2}shop:$/m, `${block}  shop:`),
  );
  expect(found).toEqual({
    mark: 'wrong',
    text: 'web needs 26 of 25 places (24 of others, 2 of this file), unless AWS has raised your quota',
    say: 'To ask for more:',
    command:
      'aws service-quotas request-service-quota-increase --region us-east-1 --service-code elasticloadbalancing --quota-code L-9365A611 --desired-value 26',
  });
});

test('the defaults of a Network Load Balancer count as well, and one that ours replaces does not', async () => {
  const sni = lab.configText.replace(/(listener: \S+\/net\/.*)/, '$1\n        certificate: sni');
  const both = sni.replace(/(\/net\/.*\n +certificate: )sni/, '$1both');
  const ofMail = async (text: string) =>
    (await lab.findings(listRoom, text)).find((each) => each.text.startsWith('mail '));
  await fill(24, { at: network });
  expect(await ofMail(both)).toMatchObject({
    mark: 'ok',
    text: 'mail needs 25 of 25 places (24 of others, 1 of this file)',
  });
  expect(await ofMail(sni)).toMatchObject({
    mark: 'wrong',
    text: expect.stringContaining('mail needs 26 of 25 places (25 of others, 1 of this file)'),
    command: expect.stringContaining('--quota-code L-52964454 --desired-value 26'),
  });
});

test('quotas of ACM: what is imported, and what will be', async () => {
  expect(lines(await lab.findings(acmQuota))).toEqual([
    expect.stringMatching(
      /^ok: 000000000000\/us-east-1 holds 52 imported certificates; with the 3 of this file, at most 55 of 2500$/,
    ),
    'ok: 000000000000/us-east-1 will see about 18 imports a year, of 5000',
  ]);
});

test('more imports than ACM takes in a year are told', async () => {
  const short = lab.configText.replace('local:', 'local:\n    profile: shortlived');
  const more = Array.from(
    { length: 50 },
    (_, index) =>
      `  c${index}:\n    names: [c${index}.example.com]\n    issuer: local\n    targets: [{type: clb, loadBalancer: legacy${index}}]\n    key: rsa-2048\n`,
  ).join('');
  const found = await lab.findings(
    acmQuota,
    `${short.trimEnd()}\n`.replace(/^certificates:\n/m, `certificates:\n${more}`),
  );
  expect(found).toContainEqual({
    mark: 'warning',
    text: expect.stringMatching(/ will see about 5\d{3} imports a year, of 5000; AWS does not say/),
    say: expect.stringContaining('Imported certificates in last 365 days'),
    command: 'aws service-quotas list-service-quotas --region us-east-1 --service-code acm',
  });
});

test('server certificates of IAM: those of others, and twice those of the file', async () => {
  expect(await lab.findings(iamQuota)).toEqual([]);
  const text = lab.configText.replace('type: clb', 'type: clb\n        store: iam');
  expect(text).toContain('store: iam');
  expect(lines(await lab.findings(iamQuota, text))).toEqual([
    'ok: 000000000000 holds 0 server certificates of others; with the 1 of this file, at most 2 of 20 at a renewal',
  ]);
  const iam = new IAM(lab.operatorIn('us-east-1'));
  for (let index = 0; index < 19; index += 1) {
    const { certificatePem, chainPem, keyPem } = await makeCertificate();
    await iam.uploadServerCertificate({
      ...{ ServerCertificateName: `o${index}`, CertificateBody: certificatePem },
      ...{ PrivateKey: keyPem, CertificateChain: chainPem },
    });
  }
  expect(await lab.findings(iamQuota, text)).toEqual([
    {
      mark: 'wrong',
      text: expect.stringContaining('with the 1 of this file, at most 21 of 20'),
      say: expect.stringContaining('Server certificates per account'),
      command: 'aws iam list-server-certificates',
    },
  ]);
  const lacking = await lab.findings(iamQuota, text, lab.as([]));
  expect(lacking).toMatchObject([
    { mark: 'not known', text: expect.stringContaining('iam:ListServerCertificates') },
  ]);
});

test('a new account has the executions that certkeep needs by default, and not those of more runs', async () => {
  expect(lines(await lab.findings(executions))).toEqual([
    "ok: certkeep needs 10 executions at once in us-east-1; 10 of the account's 10 are not reserved",
  ]);
  const [found] = await lab.findings(executions, `${lab.configText}\nconcurrency: {issue: 8}\n`);
  expect(found).toEqual({
    mark: 'wrong',
    text: "certkeep needs 15 executions at once in us-east-1; 10 of the account's 10 are not reserved",
    say: 'Ask for more, or lower "concurrency:":',
    command:
      'aws service-quotas request-service-quota-increase --region us-east-1 --service-code lambda --quota-code L-B99A9384 --desired-value 15',
  });
});
