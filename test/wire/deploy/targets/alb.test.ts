import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { Position, Target } from '#shared/targets/target.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

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

function albOf(certificate: Position, listenerArn = listener): Target {
  return targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions(),
    clock: lab.clock,
  })({ type: 'alb', listener: listenerArn, certificate }, 'shop');
}

function addition(arn: string) {
  return { default: null, listed: [arn], unlisted: [], mayMakeRoom: false };
}

/** What was asked for, in order, apart from looks. */
function changes(): readonly string[] {
  return lab.faults.calls
    .map(({ operation }) => operation)
    .filter((operation) => /^(Modify|Add|Remove)Listener/.test(operation));
}

function countOf(operation: string): number {
  return lab.faults.calls.filter((call) => call.operation === operation).length;
}

test('a look names the endpoint and the default', async () => {
  const view = await albOf('default').look();
  expect(view).toMatchObject({ name: `shop:${port}`, kind: 'alb', default: first, list: [] });
  expect(lab.balancers.addresses(view.endpoint?.host ?? '')).not.toBeNull();
  expect(view.endpoint?.port).toBe(port);
});

test('binding replaces the default, once', async () => {
  const target = albOf('default');
  await bindAt(target, second);
  await bindAt(target, second);
  expect(await target.look()).toMatchObject({ default: second, list: [] });
  expect(countOf('ModifyListener')).toBe(1);
});

test('the former default leaves the list too, where it would still answer', async () => {
  await bindAt(albOf('sni'), second);
  await albOf('sni').arrange(addition(first), { default: first, list: [] });
  const target = albOf('default');
  await bindAt(target, second);
  expect(await target.look()).toMatchObject({ default: second, list: [second] });
  const third = await lab.imported(await makeCertificate());
  await bindAt(target, third, [second]);
  expect(await target.look()).toMatchObject({ default: third, list: [] });
});

test('in both positions the new certificate becomes the default before it joins the list, and our earlier one leaves last', async () => {
  const third = await lab.imported(await makeCertificate());
  const target = albOf('both');
  await bindAt(target, second);
  expect(await target.look()).toMatchObject({ default: second, list: [second] });
  await bindAt(target, third, [second]);
  expect(await target.look()).toMatchObject({ default: third, list: [third] });
  expect(changes()).toEqual([
    'ModifyListener',
    'AddListenerCertificates',
    'ModifyListener',
    'AddListenerCertificates',
    'RemoveListenerCertificates',
  ]);
});

test('in the SNI list the new certificate is added before our old one is removed, and the default stays', async () => {
  const third = await lab.imported(await makeCertificate());
  const target = albOf('sni');
  await bindAt(target, second);
  await bindAt(target, third, [second]);
  expect(await target.look()).toMatchObject({ default: first, list: [third] });
  expect(changes()).toEqual([
    'AddListenerCertificates',
    'AddListenerCertificates',
    'RemoveListenerCertificates',
  ]);
});

test('taking out what is not there, or the default, changes nothing', async () => {
  const wanted = { default: null, listed: [], unlisted: [second, first], mayMakeRoom: false };
  await albOf('sni').arrange(wanted, { default: first, list: [] });
  expect(countOf('RemoveListenerCertificates')).toBe(0);
});

test('a certificate removed by a try with a lost answer counts as removed', async () => {
  const target = albOf('sni');
  await bindAt(target, second);
  lab.faults.add({
    when: ({ operation }) => operation === 'RemoveListenerCertificates',
    fault: { do: 'lose-answer' },
  });
  const wanted = { default: null, listed: [], unlisted: [second], mayMakeRoom: false };
  const held = await target.arrange(wanted, await target.look());
  expect(held).toEqual({ default: first, list: [] });
});

test('a certificate that the load balancer does not know yet is waited for', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'ModifyListener',
    fault: { do: 'refuse', code: 'CertificateNotFoundException' },
    times: 16,
  });
  await bindAt(albOf('default'), second);
  expect((await albOf('default').look()).default).toBe(second);
});

test('a lost answer of a change is not a failure', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'ModifyListener',
    fault: { do: 'lose-answer' },
  });
  await bindAt(albOf('default'), second);
  expect((await albOf('default').look()).default).toBe(second);
});

async function fill(target: Target): Promise<readonly string[]> {
  const filled: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    const arn = await lab.imported(await makeCertificate());
    await bindAt(target, arn);
    filled.push(arn);
  }
  return filled;
}

test('a full list is a failure of its own, and takes nothing out', async () => {
  const target = albOf('sni');
  const [earlier] = await fill(target);
  await expect(bindAt(target, second, [earlier as string])).rejects.toMatchObject({
    name: 'ListenerFull',
  });
  expect((await target.look()).list).toHaveLength(3);
});

test('in a full list our earlier certificate makes room, if the default serves the names meanwhile', async () => {
  const target = albOf('sni');
  const [earlier = '', ...others] = await fill(target);
  const wanted = { default: null, listed: [second], unlisted: [earlier], mayMakeRoom: true };
  await target.arrange(wanted, await target.look());
  expect((await target.look()).list).toEqual([...others, second]);
});

test('a listener that does not exist is named', async () => {
  const missing = albOf('default', listener.replace(/[0-9a-f]+$/, '0'.repeat(16)));
  await expect(missing.look()).rejects.toMatchObject({ name: 'ListenerNotFound' });
});

test('default and SNI of the same listener are different targets on the same load balancer', () => {
  const [standard, sni] = (['default', 'sni'] as const).map((certificate) =>
    identityOf({ type: 'alb', listener, certificate }, home, 'shop'),
  );
  expect(standard?.key).not.toBe(sni?.key);
  expect(standard?.resourceArn).toBe(sni?.resourceArn);
  expect(lab.balancers.inUseBy(first, lab.clock.now())).toEqual([standard?.resourceArn]);
});
