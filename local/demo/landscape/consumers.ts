import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { errorMessage } from '#shared/errors.ts';
import { arnParameter } from '#shared/installation.ts';
import { untilCertificateKnown } from '#shared/targets/until-known.ts';
import { createListener } from './balancers.ts';
import { type AcmTarget, acmKey, type Builder, localPlace } from './builder.ts';
import { importOther } from './certificates.ts';

/**
 * Somebody's stack that uses the certificate of a published ARN, where the configuration says whom to ask: a load balancer
 * that gets what the parameter names, as often as that changes.
 */
export async function createConsumer(
  builder: Builder,
  target: AcmTarget,
  { id, key, names }: CertificateConfig,
): Promise<void> {
  const place = localPlace(builder, target);
  const first = await importOther(builder, place, names, key);
  const listener = await createListener(
    builder,
    place,
    { type: 'alb', listener: `:listener/app/uses-${id}/1`.slice(0, 40) },
    first,
  );
  const elb = new ElasticLoadBalancingV2Client(
    operatorClient(builder.cloud, place.region, place.account),
  );
  builder.listeners.set(acmKey(builder, target, id), {
    probe: await addressOf(elb, listener),
    account: place.account,
  });
  const parameter = arnParameter(builder.config.installation, id);
  builder.cloud.ssm.onPut(async (name, value, at) => {
    if (name !== parameter || at.region !== place.region || at.account !== place.account) return;
    const Certificates = [{ CertificateArn: value }];
    const command = new ModifyListenerCommand({ ListenerArn: listener, Certificates });
    try {
      await untilCertificateKnown(builder.clock, () => elb.send(command));
    } catch (error) {
      builder.onStep(`uses-${id} does not take ${value}: ${errorMessage(error)}`);
    }
  });
}

async function addressOf(elb: ElasticLoadBalancingV2Client, listener: string): Promise<string> {
  const { Listeners } = await elb.send(new DescribeListenersCommand({ ListenerArns: [listener] }));
  const { LoadBalancerArn = '', Port } = Listeners?.[0] ?? {};
  const asked = { LoadBalancerArns: [LoadBalancerArn] };
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand(asked));
  return `${LoadBalancers?.[0]?.DNSName}:${Port}`;
}
