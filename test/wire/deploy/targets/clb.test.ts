import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { Target } from '#shared/targets/target.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

let lab: DeployLab;
let port: number;
let first: string;
let second: string;

beforeEach(async () => {
  lab = await deployLab();
  first = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  second = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  port = await lab.createClb('legacy', first);
});
afterEach(() => lab.close());

function clb(loadBalancer = 'legacy', at = port): Target {
  return targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions(),
    clock: lab.clock,
  })({ type: 'clb', loadBalancer, port: at }, 'shop');
}

test('a look names the endpoint and its one certificate', async () => {
  const view = await clb().look();
  expect(view).toMatchObject({ name: `legacy:${port}`, kind: 'single', default: first, list: [] });
  expect(lab.balancers.addresses(view.endpoint?.host ?? '')).not.toBeNull();
});

test('binding replaces the certificate, once', async () => {
  await bindAt(clb(), second);
  await bindAt(clb(), second);
  expect((await clb().look()).default).toBe(second);
  const sets = lab.faults.calls.filter(
    ({ operation }) => operation === 'SetLoadBalancerListenerSSLCertificate',
  );
  expect(sets).toHaveLength(1);
});

test('a certificate that was only just imported is waited for', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'SetLoadBalancerListenerSSLCertificate',
    fault: { do: 'refuse', code: 'CertificateNotFoundException' },
    times: 16,
  });
  const startedAt = lab.clock.now().getTime();
  await bindAt(clb(), second);
  expect((await clb().look()).default).toBe(second);
  expect(lab.clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(60_000);
});

test('a certificate that never becomes known is refused in the end', async () => {
  const gone = second.replace(/[^/]+$/, '00000000-0000-0000-0000-000000000000');
  await expect(bindAt(clb(), gone)).rejects.toMatchObject({ name: 'ListenerRefused' });
  expect((await clb().look()).default).toBe(first);
});

test('an ECDSA certificate is refused and the old one stays', async () => {
  const ecdsa = await lab.imported(await makeCertificate());
  await expect(bindAt(clb(), ecdsa)).rejects.toMatchObject({ name: 'ListenerRefused' });
  expect((await clb().look()).default).toBe(first);
});

test.each([
  ['a load balancer', () => clb('nobody')],
  ['a port', () => clb('legacy', 1)],
])('%s that does not exist is named', async (_, target) => {
  await expect(target().look()).rejects.toMatchObject({ name: 'ListenerNotFound' });
});

test('the load balancer is known by the ARN that ACM names', () => {
  const { resourceArn } = identityOf({ type: 'clb', loadBalancer: 'legacy', port }, home, 'shop');
  expect(lab.balancers.inUseBy(first, lab.clock.now())).toEqual([resourceArn]);
});
