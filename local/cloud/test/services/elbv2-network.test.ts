import type { CreateListenerCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMs, dayMs } from '#cloud/clock.ts';
import { type CertificateWish, makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
let LoadBalancerArn: string;
let port: number;
beforeEach(async () => {
  lab = await balancerLab({ elbv2: { maxCertificates: 3 } });
  const Type = 'network';
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'mail', Type });
  LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn as string;
  port = await freePort();
});
afterEach(() => lab.close());

async function imported(wish: CertificateWish = {}) {
  const made = await makeCertificate(wish);
  return { arn: await lab.imported(made), serial: made.serial };
}

async function listener(change: Partial<CreateListenerCommandInput> = {}): Promise<string> {
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn,
    Protocol: 'TLS',
    Port: port,
    DefaultActions: [{ Type: 'forward' }],
    ...change,
  });
  return Listeners?.[0]?.ListenerArn as string;
}

const having = (arn: string) => ({ Certificates: [{ CertificateArn: arn }] });

test('it has ARNs, a DNS name and listeners of its own form', async () => {
  const { LoadBalancers } = await lab.elbv2.describeLoadBalancers({ Names: ['mail'] });
  expect(LoadBalancers).toMatchObject([{ Type: 'network', LoadBalancerArn }]);
  expect(LoadBalancerArn).toMatch(/:loadbalancer\/net\/mail\/[0-9a-f]{16}$/);
  expect(LoadBalancers?.[0]?.DNSName).toMatch(
    /^mail-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/,
  );
  const ListenerArn = await listener(having((await imported()).arn));
  expect(ListenerArn).toMatch(/:listener\/net\/mail\/[0-9a-f]{16}\/[0-9a-f]{16}$/);
  await lab.elbv2.addTags({ ResourceArns: [ListenerArn], Tags: [{ Key: 'a', Value: 'b' }] });
  const { TagDescriptions } = await lab.elbv2.describeTags({ ResourceArns: [ListenerArn] });
  expect(TagDescriptions?.[0]?.Tags).toEqual([{ Key: 'a', Value: 'b' }]);
});

test('a balancer of one type is no balancer of the other with the same name', async () => {
  const other = lab.elbv2.createLoadBalancer({ Name: 'mail' });
  await expect(other).rejects.toMatchObject({ name: 'DuplicateLoadBalancerNameException' });
});

test('TCP listeners take no certificate, TLS listeners need one, and HTTPS is none of its protocols', async () => {
  const { arn } = await imported();
  const plain = await listener({ Protocol: 'TCP' });
  await expect(
    lab.elbv2.addListenerCertificates({ ListenerArn: plain, ...having(arn) }),
  ).rejects.toMatchObject({ name: 'ValidationError' });
  const Port = await freePort();
  await expect(listener({ Port })).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(listener({ Port, Protocol: 'HTTPS', ...having(arn) })).rejects.toMatchObject({
    name: 'UnsupportedProtocolException',
  });
});

test('it only forwards, and has no rules here', async () => {
  const { arn } = await imported();
  const FixedResponseConfig = { StatusCode: '200' };
  const DefaultActions = [{ Type: 'fixed-response' as const, FixedResponseConfig }];
  await expect(listener({ ...having(arn), DefaultActions })).rejects.toMatchObject({
    name: 'InvalidLoadBalancerActionException',
  });
  const rule = lab.elbv2.createRule({
    ListenerArn: await listener(having(arn)),
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
    Actions: DefaultActions,
  });
  await expect(rule).rejects.toThrow('a rule of a network load balancer');
});

test('the ALPN policy of a TLS listener stays when something else changes', async () => {
  const ListenerArn = await listener({
    ...having((await imported()).arn),
    AlpnPolicy: ['HTTP2Only'],
  });
  await lab.elbv2.modifyListener({ ListenerArn, ...having((await imported()).arn) });
  const { Listeners } = await lab.elbv2.describeListeners({ ListenerArns: [ListenerArn] });
  expect(Listeners).toMatchObject([{ Protocol: 'TLS', AlpnPolicy: ['HTTP2Only'] }]);
  const unknown = lab.elbv2.modifyListener({ ListenerArn, AlpnPolicy: ['HTTP3'] });
  await expect(unknown).rejects.toMatchObject({ name: 'ALPNPolicyNotSupportedException' });
});

test('its quota counts what all its listeners have, defaults included', async () => {
  const [first, second] = [await imported(), await imported()];
  const ListenerArn = await listener(having(first.arn));
  await listener({ Port: await freePort(), ...having(first.arn) });
  // The default in the list is the same certificate at the same listener.
  await lab.elbv2.addListenerCertificates({ ListenerArn, ...having(first.arn) });
  await lab.elbv2.addListenerCertificates({ ListenerArn, ...having(second.arn) });
  const { arn } = await imported();
  const full = { name: 'TooManyCertificatesException' };
  const added = lab.elbv2.addListenerCertificates({ ListenerArn, ...having(arn) });
  await expect(added).rejects.toMatchObject(full);
  // The replaced default stays in the list, so that this is one more.
  const replaced = lab.elbv2.modifyListener({ ListenerArn, ...having(arn) });
  await expect(replaced).rejects.toMatchObject(full);
  const another = listener({ Port: await freePort(), ...having(arn) });
  await expect(another).rejects.toMatchObject(full);
  await lab.elbv2.removeListenerCertificates({ ListenerArn, ...having(second.arn) });
  await lab.elbv2.modifyListener({ ListenerArn, ...having(arn) });
});

test('expiry is no criterion of it: within a key family an expired certificate with the longer key wins', async () => {
  const ListenerArn = await listener(having((await imported({ names: ['a.example.org'] })).arn));
  const soon = await imported({ key: 'rsa-3072', notAfter: addMs(lab.clock.now(), dayMs) });
  const shorter = await imported({ key: 'rsa-2048' });
  for (const { arn } of [soon, shorter]) {
    await lab.elbv2.addListenerCertificates({ ListenerArn, ...having(arn) });
  }
  lab.clock.advance(2 * dayMs);
  expect((await probeTls({ port, servername: 'shop.example.com' })).serial).toBe(soon.serial);
});
