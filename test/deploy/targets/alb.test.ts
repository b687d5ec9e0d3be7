import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf } from '#shared/deploy/resources.ts';
import { createTarget } from '#shared/deploy/targets/registry.ts';
import type { Target } from '#shared/deploy/targets/target.ts';
import { makeCertificate } from '#test/support/certificates.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';

let lab: DeployLab;
let listener: string;
let port: number;
let first: string;
let second: string;

beforeEach(async () => {
  lab = await deployLab();
  first = await lab.imported(await makeCertificate());
  second = await lab.imported(await makeCertificate());
  ({ listener, port } = await lab.createAlb('shop', first));
});
afterEach(() => lab.close());

function albOf(certificate: 'default' | 'sni', listenerArn = listener): Target {
  return createTarget(
    { type: 'alb', listener: listenerArn, certificate },
    { home, clientOptionsFor: () => lab.clientOptions(), clock: lab.clock },
  );
}

function countOf(operation: string): number {
  return lab.faults.calls.filter((call) => call.operation === operation).length;
}

test('a look names the endpoint and the default', async () => {
  const view = await albOf('default').look();
  expect(view).toMatchObject({ name: `shop:${port}`, arns: [first], replacedArn: first });
  expect(lab.balancers.addresses(view.endpoint.host)).not.toBeNull();
  expect(view.endpoint.port).toBe(port);
});

test('binding replaces the default, once', async () => {
  const target = albOf('default');
  await target.bind(second, first);
  await target.bind(second, first);
  expect((await target.look()).arns).toEqual([second]);
  expect(countOf('ModifyListener')).toBe(1);
});

test('a default that stands in the list as well is one certificate', async () => {
  await albOf('sni').bind(second, null);
  await albOf('default').bind(second, first);
  expect((await albOf('default').look()).arns).toEqual([second]);
});

test('in the SNI list the new one is added before ours is removed, and the default stays', async () => {
  const third = await lab.imported(await makeCertificate());
  const target = albOf('sni');
  await target.bind(second, null);
  await target.bind(third, second);
  const view = await target.look();
  expect(view).toMatchObject({ arns: [first, third], replacedArn: null });
  const changes = lab.faults.calls
    .map(({ operation }) => operation)
    .filter((operation) => operation.endsWith('ListenerCertificates'))
    .filter((operation) => !operation.startsWith('Describe'));
  expect(changes).toEqual([
    'AddListenerCertificates',
    'AddListenerCertificates',
    'RemoveListenerCertificates',
  ]);
});

test('taking out what is not there, or the default, changes nothing', async () => {
  await albOf('sni').unbind(second);
  await albOf('sni').unbind(first);
  expect(countOf('RemoveListenerCertificates')).toBe(0);
});

test('a certificate that the load balancer does not know yet is waited for', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'ModifyListener',
    fault: { do: 'refuse', code: 'CertificateNotFoundException' },
    times: 16,
  });
  await albOf('default').bind(second, first);
  expect((await albOf('default').look()).arns).toEqual([second]);
});

test('a lost answer of a change is not a failure', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'ModifyListener',
    fault: { do: 'lose-answer' },
  });
  await albOf('default').bind(second, first);
  expect((await albOf('default').look()).arns).toEqual([second]);
});

test('a full list is a failure of its own, and takes nothing out', async () => {
  const target = albOf('sni');
  for (let index = 0; index < 3; index += 1) {
    await target.bind(await lab.imported(await makeCertificate()), null);
  }
  await expect(target.bind(second, null)).rejects.toMatchObject({ name: 'ListenerFull' });
  expect((await target.look()).arns).toHaveLength(4);
});

test('a listener that does not exist is named', async () => {
  const missing = albOf('default', listener.replace(/[0-9a-f]+$/, '0'.repeat(16)));
  await expect(missing.look()).rejects.toMatchObject({ name: 'ListenerNotFound' });
});

test('default and SNI of the same listener are different targets on the same load balancer', () => {
  const [standard, sni] = (['default', 'sni'] as const).map((certificate) =>
    identityOf({ type: 'alb', listener, certificate }, home),
  );
  expect(standard?.key).not.toBe(sni?.key);
  expect(standard?.resourceArn).toBe(sni?.resourceArn);
  expect(lab.balancers.inUseBy(first, lab.clock.now())).toEqual([standard?.resourceArn]);
});
