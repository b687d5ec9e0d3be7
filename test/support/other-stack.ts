import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { probeTls } from 'local-cloud/kit/tls-probe.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { importCertificate } from '#local/demo/landscape/certificates.ts';
import { onFreePorts } from '#local/demo/landscape/free-port.ts';
import type { Place } from '#shared/place.ts';
import { untilCertificateKnown } from '#shared/targets/until-known.ts';
import type { World } from './world.ts';

const region = 'us-east-1';

export type OtherStack = {
  readonly loadBalancer: string;
  readonly listener: string;
  /** The serial that its endpoint presents for a name, example.com unless given. */
  serial(name?: string): Promise<string>;
};

function elbOf({ cloud }: World, place?: Place): ElasticLoadBalancingV2Client {
  const { account, region: there } = place ?? { account: undefined, region };
  return new ElasticLoadBalancingV2Client(operatorClient(cloud, there, account));
}

/** A load balancer of a stack that certkeep knows nothing of, with that certificate. */
export async function otherStack(
  world: World,
  Name: string,
  arn: string,
  place?: Place,
): Promise<OtherStack> {
  const elb = elbOf(world, place);
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name }));
  const loadBalancer = LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  return onFreePorts(async (freePort) => {
    const port = await freePort();
    const command = new CreateListenerCommand({
      LoadBalancerArn: loadBalancer,
      Protocol: 'HTTPS',
      Port: port,
      Certificates: [{ CertificateArn: arn }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    });
    const { Listeners } = await untilCertificateKnown(world.clock, () => elb.send(command));
    const host = world.cloud.balancers.addresses(LoadBalancers?.[0]?.DNSName ?? '')?.[0] ?? '';
    return {
      loadBalancer,
      listener: Listeners?.[0]?.ListenerArn ?? '',
      serial: async (servername = 'example.com') =>
        (await probeTls({ host, port, servername })).serial,
    };
  });
}

/** Puts so many certificates of others into the SNI list of a listener. */
export async function fillList(world: World, listener: string, count: number): Promise<void> {
  const elb = elbOf(world);
  const place = { account: listener.split(':')[4] ?? '', region };
  for (let each = 0; each < count; each += 1) {
    const names = [`tenant-${each}.example.net`];
    const made = await makeCertificate({ names, now: world.clock.now() });
    const CertificateArn = await importCertificate(world.cloud, place, made, {});
    const command = new AddListenerCertificatesCommand({
      ListenerArn: listener,
      Certificates: [{ CertificateArn }],
    });
    await untilCertificateKnown(world.clock, () => elb.send(command));
  }
}
