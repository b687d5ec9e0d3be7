import {
  type Listener as ClassicListener,
  CreateLoadBalancerCommand as CreateClassicCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { operatorClient } from 'local-cloud/operator.ts';
import { untilCertificateKnown } from '#shared/targets/until-known.ts';
import {
  type Builder,
  type ClassicTarget,
  classicKey,
  listenerKey,
  localPlace,
} from './builder.ts';
import { importOther } from './certificates.ts';
import { onFreePorts } from './free-port.ts';

/** Creates a Classic ELB with all its listeners in the configuration. */
export async function createClassic(builder: Builder, classic: ClassicTarget): Promise<void> {
  const place = localPlace(builder, classic);
  /** Maps listeners to somebody else's certificate there. */
  const others = new Map<string, string>();
  for (const certificate of builder.config.certificates) {
    for (const target of certificate.targets) {
      if (target.type !== 'clb') continue;
      if (classicKey(builder, target) !== classicKey(builder, classic)) continue;
      const key = listenerKey(builder, target);
      if (!others.has(key))
        others.set(key, await importOther(builder, place, certificate.names, 'rsa-2048'));
    }
  }
  const { region, account } = place;
  const elb = new ElasticLoadBalancingClient(operatorClient(builder.cloud, region, account));
  await onFreePorts(async (freePort) => {
    const Listeners: ClassicListener[] = [];
    for (const [key, SSLCertificateId] of others) {
      const LoadBalancerPort = await freePort();
      Listeners.push({ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId });
      builder.listeners.set(key, { port: LoadBalancerPort, account });
    }
    const command = new CreateClassicCommand({ LoadBalancerName: classic.loadBalancer, Listeners });
    await untilCertificateKnown(builder.clock, () => elb.send(command));
    for (const { LoadBalancerPort } of Listeners) {
      builder.onStep(`classic load balancer ${classic.loadBalancer} on port ${LoadBalancerPort}`);
    }
  });
}
