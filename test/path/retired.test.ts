import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { hourMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const home = '000000000000/us-east-1';
const far = '222222222222/eu-central-1';
const farHome = '222222222222/us-east-1';
const farListener = listenerArn('far', '1', { region: 'eu-central-1', account: '222222222222' });

/** At home, in another account's region, and on a Classic Load Balancer of that account. */
const twoAccounts = configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('near')}"}
      - {type: alb, listener: "${farListener}"}
      - {type: clb, loadBalancer: old, account: "222222222222"}
`);

/** Changes the configuration as it runs here. */
// biome-ignore lint/suspicious/noExplicitAny: YAML as it is written
function reconfigure(change: (written: any) => void): Promise<void> {
  return world.reconfigure((text) => {
    const written = parse(text);
    change(written);
    return stringify(written);
  });
}

/** Our certificates in ACM of a place. */
function oursIn(place: string): readonly string[] {
  const { account, region } = parsePlaceKey(place);
  return world.cloud.acm
    .certificates()
    .filter((each) => each.account === account && each.region === region)
    .filter(({ tags }) => tags.has(certificateTag))
    .map(({ arn }) => arn);
}

function publishedIn(place: string): string | null {
  return world.cloud.ssm.valueOf('/certkeep/shop/certificate-arn', parsePlaceKey(place));
}

/** The certificate that was there before certkeep came. */
function othersIn(place: string): string {
  const { account, region } = parsePlaceKey(place);
  const [other] = world.cloud.acm
    .certificates()
    .filter((each) => each.account === account && each.region === region)
    .filter(({ tags }) => !tags.has(certificateTag));
  return other?.arn as string;
}

/** As their owner does, by hand. */
async function takeOffListeners(targets: readonly { listener?: string; port?: number }[]) {
  for (const { listener, port } of targets) {
    if (listener) {
      const [, , , region = '', account = ''] = listener.split(':');
      const elb = new ElasticLoadBalancingV2(operatorClient(world.cloud, region, account));
      const CertificateArn = othersIn(`${account}/${region}`);
      await elb.modifyListener({ ListenerArn: listener, Certificates: [{ CertificateArn }] });
    } else {
      const elb = new ElasticLoadBalancing(
        operatorClient(world.cloud, 'us-east-1', '222222222222'),
      );
      await elb.setLoadBalancerListenerSSLCertificate({
        LoadBalancerName: 'old',
        LoadBalancerPort: port,
        SSLCertificateId: othersIn(farHome),
      });
    }
  }
}

test('a place retired in another account is cleaned up with the rights of its stack alone', async () => {
  world = await startWorld(twoAccounts);
  await world.check();
  const [atHome] = oursIn(home);
  expect([oursIn(far).length, oursIn(farHome).length]).toEqual([1, 1]);
  const { targets } = parse(world.landscape.configText).certificates.shop;
  await reconfigure((written) => {
    written.certificates.shop.targets = targets.slice(0, 1);
    written.retired = { places: [far, farHome] };
  });
  await world.live(1.5 * hourMs);
  expect([oursIn(far), oursIn(farHome)]).toEqual([[publishedIn(far)], [publishedIn(farHome)]]);
  await takeOffListeners(targets.slice(1));
  await world.live(1.5 * hourMs);
  expect([oursIn(far), oursIn(farHome)]).toEqual([[], []]);
  expect([publishedIn(far), publishedIn(farHome)]).toEqual([null, null]);
  const { imports, deployments } = world.record('shop');
  expect(Object.keys(imports)).toEqual([home]);
  expect(Object.values(deployments).map(({ state }) => state)).toEqual(['proven']);
  expect([oursIn(home), publishedIn(home)]).toEqual([[atHome], atHome]);
  expect(world.denied()).toEqual([]);
});

test('a certificate that has left altogether is taken out of the retired home place', async () => {
  const only = `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('near')}"}]}\n`;
  world = await startWorld(configText(only));
  await world.check();
  expect(oursIn(home)).toHaveLength(1);
  const { targets } = parse(world.landscape.configText).certificates.shop;
  await takeOffListeners(targets);
  await reconfigure((written) => {
    written.certificates = {};
    written.retired = { places: [home] };
  });
  await world.live(hourMs);
  expect([oursIn(home), publishedIn(home)]).toEqual([[], null]);
  const { imports, deployments } = world.record('shop');
  expect([imports, deployments]).toEqual([{}, {}]);
  expect(world.denied()).toEqual([]);
});

test('values of a solver that has left stay, with the fix in the log, until it is retired', async () => {
  world = await startWorld(configText('  gone: {names: [example.com], issuer: local}\n'));
  const route53 = new Route53Client(operatorClient(world.cloud, 'us-east-1'));
  const { HostedZones } = await route53.send(new ListHostedZonesCommand({}));
  const old = { type: 'route53', hostedZoneId: HostedZones?.[0]?.Id?.replace('/hostedzone/', '') };
  await reconfigure((written) => {
    written.solvers = [old];
  });
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'ChangeResourceRecordSets',
    fault: { do: 'kill-after' },
  });
  await world.check();
  await reconfigure((written) => {
    Object.assign(written, { certificates: {}, solvers: [{ ...old, hostedZoneId: 'ZNEW' }] });
  });
  await world.live(hourMs);
  expect(txtAt(world, '_acme-challenge.example.com')).toHaveLength(1);
  const reasons = world.logs.map(({ reason }) => reason);
  expect(reasons.join()).toContain('name it under retired.solvers');
  await reconfigure((written) => {
    written.retired = { solvers: [old] };
  });
  await world.live(hourMs);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
  expect(world.record('gone')).toMatchObject({ txt: [], attempt: null });
  expect(world.denied()).toEqual([]);
});
