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

/**
 * The file names them until they are built. Then their tags alone ask for the certificate, and replace that of somebody else.
 * With another key it gets another ARN, and the first one leaves the lists.
 */
export const foundByTag: Scenario = {
  name: 'what carries the tag of a certificate is found, and bound once it is approved, in another account too',
  source: `${configText(`
  shop:
    names: [example.com]
    issuer: local
    key: ecdsa-p256
    targets:
      - {type: alb, listener: "${listenerArn('near')}"}
      - {type: nlb, listener: "${networkListenerArn('mail')}", certificate: sni}
      - {type: cloudfront, distribution: E2QWRUHAPOMQZL}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}", certificate: sni}
      - {type: nlb, listener: "${networkListenerArn('post', '1', elsewhere)}"}
  legacy:
    names: [legacy.example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: clb, loadBalancer: old}
      - {type: clb, loadBalancer: old, region: ${elsewhere.region}, account: "${elsewhere.account}"}
`)}
discovery: {places: ["123456789012/us-east-1", "222222222222/eu-central-1"]}
`,
  async run(world) {
    const { certificates, home } = world.landscape.config;
    const asking = certificates.flatMap(({ id, targets }) =>
      targets.map((target) => ({ id, target })),
    );
    for (const { id, target } of asking) await tagged(world, target, { id, home });
    await world.reconfigure(withoutTargets);
    await world.check();
    await world.live(hour);
    for (const { id, target } of asking) {
      const resource = arnOf(target, home);
      await world.check({ certificates: [id], resource, reason: 'a test', approve: true });
    }
    await world.live(hour);
    await world.reconfigure((text) => text.replace('ecdsa-p256', 'ecdsa-p384'));
    await world.live(2 * hour);
  },
  problems(world) {
    const states = ['shop', 'legacy'].flatMap((id) =>
      Object.entries(world.record(id).deployments).map(([key, { state }]) => `${key} is ${state}`),
    );
    return [
      ...(states.length === 7 ? [] : [`${states.length} of 7 are bound`]),
      ...states.filter((each) => !each.endsWith(' is proven')),
      ...world.denied().map((denial) => `denied: ${denial}`),
    ];
  },
};

function withoutTargets(text: string): string {
  const file = parse(text);
  for (const certificate of Object.values<{ targets?: unknown }>(file.certificates)) {
    delete certificate.targets;
  }
  return stringify(file);
}

function arnOf(target: TargetConfig, home: Place): string {
  const { listener, resourceArn } = identityOf(target, home, '');
  return target.type === 'clb' ? (resourceArn ?? '') : listener;
}

async function tagged(
  { cloud }: World,
  target: TargetConfig,
  { id, home }: { readonly id: string; readonly home: Place },
): Promise<void> {
  const { account, region } = identityOf(target, home, '').place;
  const client = operatorClient(cloud, region, account);
  const arn = arnOf(target, home);
  const asks = { Key: 'certkeep:certificate', Value: id };
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
