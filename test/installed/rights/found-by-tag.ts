import { CloudFront } from '@aws-sdk/client-cloudfront';
import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import { parse, stringify } from 'yaml';
import type { Place } from '#shared/place.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { configText, listenerArn, networkListenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { hour, type Scenario } from './scenario.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };

const count = 7;
const stuck = ['mail', 'far'];

/** The file names them until they are built. Then their tags alone ask for the certificate, and replace that of somebody else. */
export const foundByTag: Scenario = {
  name: 'what carries the tag of a certificate is found, and bound once it is approved, in another account too',
  source: `${configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('near')}"}
      - {type: nlb, listener: "${networkListenerArn('mail')}", certificate: sni}
      - {type: clb, loadBalancer: old}
      - {type: cloudfront, distribution: E2QWRUHAPOMQZL}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}", certificate: sni}
      - {type: nlb, listener: "${networkListenerArn('post', '1', elsewhere)}"}
      - {type: clb, loadBalancer: old, region: ${elsewhere.region}, account: "${elsewhere.account}"}
`)}
discovery: {places: ["123456789012/us-east-1", "222222222222/eu-central-1"]}
`,
  async run(world) {
    const { home } = world.landscape.config;
    const [{ targets = [] } = {}] = world.landscape.config.certificates;
    for (const target of targets) await tagged(world, target, home);
    await world.reconfigure(withoutTargets);
    await world.check();
    await world.live(hour);
    // What these endpoints contradict is taken off their lists, and comes back later.
    for (const name of stuck) world.cloud.balancers.stick(name);
    for (const target of targets) {
      const resource = arnOf(target, home);
      await world.check({ certificates: ['shop'], resource, reason: 'a test', approve: true });
    }
    await world.liveUntil(() => statesIn(world, 'rolled-back') === stuck.length, 2 * hour);
    for (const name of stuck) world.cloud.balancers.unstick(name);
    await world.liveUntil(() => statesIn(world, 'proven') === count, 48 * hour);
    world.clock.advance(61 * 24 * hour);
    await world.check();
    await world.live(hour);
  },
  problems(world) {
    const deployments = Object.entries(world.record('shop').deployments);
    return [
      ...(deployments.length === count ? [] : [`${deployments.length} of ${count} are bound`]),
      ...deployments
        .filter(([, { state }]) => state !== 'proven')
        .map(([key, { state }]) => `${key} is ${state}`),
      ...world.denied().map((denial) => `denied: ${denial}`),
    ];
  },
};

function statesIn(world: World, wanted: string): number {
  const states = Object.values(world.record('shop').deployments).map(({ state }) => state);
  return states.filter((state) => state === wanted).length;
}

function withoutTargets(text: string): string {
  const file = parse(text);
  delete file.certificates.shop.targets;
  return stringify(file);
}

function arnOf(target: TargetConfig, home: Place): string {
  const { listener, resourceArn } = identityOf(target, home, 'shop');
  return target.type === 'clb' ? (resourceArn ?? '') : listener;
}

async function tagged({ cloud }: World, target: TargetConfig, home: Place): Promise<void> {
  const { account, region } = identityOf(target, home, 'shop').place;
  const client = operatorClient(cloud, region, account);
  const arn = arnOf(target, home);
  const asks = { Key: 'certkeep:certificate', Value: 'shop' };
  const at = (Value: string) => [asks, { Key: 'certkeep:position', Value }];
  if (hasList(target)) {
    const Tags = at(target.certificate);
    await new ElasticLoadBalancingV2(client).addTags({ ResourceArns: [arn], Tags });
  }
  if (target.type === 'clb') {
    const LoadBalancerNames = [target.loadBalancer];
    const Tags = at(String(target.port));
    await new ElasticLoadBalancing(client).addTags({ LoadBalancerNames, Tags });
  }
  if (target.type === 'cloudfront') {
    await new CloudFront(client).tagResource({ Resource: arn, Tags: { Items: [asks] } });
  }
}
