import {
  AddListenerCertificatesCommand,
  DescribeListenerCertificatesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askTargets } from '#local/demo/ask-targets.ts';
import { importCertificate } from '#local/demo/landscape/certificates.ts';
import { buildLandscape, readBack } from '#local/demo/landscape.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

const region = 'us-east-1';
const clock = virtualClock();
let cloud: Cloud;
let elb: ElasticLoadBalancingV2Client;
beforeEach(async () => {
  cloud = await startCloud({ clock, consistency: usualConsistency });
  elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, region));
});
afterEach(() => cloud.close());

const pair = ['shop', 'wide'];
const source = readBack(
  configText(`
  app:
    names: [app.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('app')}"}]
  shop:
    names: [shop.example.com, "*.shop.example.com"]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('shop')}", certificate: sni}]
  wide:
    names: [shop.example.com, "*.shop.example.com"]
    issuer: local
    key: rsa-2048
    targets: [{type: alb, listener: "${listenerArn('shop')}", certificate: sni}]
`),
);

async function build() {
  const given = { text: source.configText, config: source.config };
  const consoleMade = [listenerArn('app')];
  const { config } = await buildLandscape(cloud, { ...given, consoleMade }, cloud.ca, clock);
  clock.advance(minuteMs);
  const certificate = (id: string) => {
    const found = config.certificates.find((each) => each.id === id);
    if (!found) throw new Error(`no ${id}`);
    return found;
  };
  const listener = (id: string) => {
    const [target] = certificate(id).targets;
    return (target as { listener: string }).listener;
  };
  const asked = async (id: string) =>
    (await askTargets({ cloud, clock, config }, certificate(id)))[0]?.serial;
  return { listener, asked };
}

async function held(ListenerArn: string) {
  const command = new DescribeListenerCertificatesCommand({ ListenerArn });
  return (await elb.send(command)).Certificates ?? [];
}

test('a listener of the console holds its Amazon-issued default in the list as well', async () => {
  const { listener, asked } = await build();
  const [first, second, ...more] = await held(listener('app'));
  expect([first?.IsDefault, second?.IsDefault, more]).toEqual([true, false, []]);
  expect(second?.CertificateArn).toBe(first?.CertificateArn);
  const found = cloud.acm.find(first?.CertificateArn ?? '');
  expect(found?.type).toBe('AMAZON_ISSUED');
  expect(await asked('app')).toBe(found?.material.latest().leaf.serialNumber);
});

test('other listeners have an imported default and an empty list', async () => {
  const { listener } = await build();
  const [first, ...more] = await held(listener('shop'));
  expect(more).toEqual([]);
  expect(cloud.acm.find(first?.CertificateArn ?? '')?.type).toBe('IMPORTED');
});

test('each of a pair on one listener is asked for by a client of its key family', async () => {
  const { listener, asked } = await build();
  const names = ['shop.example.com', '*.shop.example.com'];
  const keys: KeyAlgorithm[] = ['ecdsa-p256', 'rsa-2048'];
  const serials = [];
  for (const key of keys) {
    const made = await makeCertificate({ names, key });
    const here = { region, account: homeAccount };
    const CertificateArn = await importCertificate(cloud, here, made);
    clock.advance(minuteMs);
    const Certificates = [{ CertificateArn }];
    const ListenerArn = listener('shop');
    await elb.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
    serials.push(made.serial);
  }
  clock.advance(minuteMs);
  expect(await Promise.all(pair.map(asked))).toEqual(serials);
});

test('where a family’s client gets no certificate, none is reported', async () => {
  const { asked } = await build();
  // The listener has an ECDSA default alone.
  expect(await asked('wide')).toBeNull();
});
