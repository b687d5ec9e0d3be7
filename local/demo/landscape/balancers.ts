import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Place } from '#shared/place.ts';
import { untilCertificateKnown } from '#shared/targets/until-known.ts';
import { type AlbTarget, type Builder, listenerKey, localPlace } from './builder.ts';
import { importOther, issueByAmazon } from './certificates.ts';
import { onFreePorts } from './free-port.ts';

export async function createAlbListener(
  builder: Builder,
  target: AlbTarget,
  certificate: CertificateConfig,
): Promise<void> {
  const place = localPlace(builder, target);
  const names = replacedNames(builder.config, target, certificate);
  const isConsoleMade = builder.consoleMade.has(target.listener);
  const have = isConsoleMade ? issueByAmazon : importOther;
  const arn = await have(builder, place, names, 'ecdsa-p256');
  const listener = await createListener(builder, place, target.listener, arn);
  if (isConsoleMade) await addToList(builder, place, listener, arn);
  builder.listeners.set(listenerKey(builder, target), { listener });
}

/**
 * "If you created the listener using the AWS Management Console, we added the default certificate to the certificate
 * list for you" (https-listener-certificates.html).
 */
async function addToList(
  { cloud, onStep }: Builder,
  { region, account }: Place,
  ListenerArn: string,
  CertificateArn: string,
): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, region, account));
  const Certificates = [{ CertificateArn }];
  await elb.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
  onStep(`${ListenerArn.split('/')[2]} has its Amazon-issued default in the SNI list as well`);
}

/** A default that will be replaced has the same names; one beside an SNI list has its own. */
function replacedNames(config: Config, target: AlbTarget, certificate: CertificateConfig) {
  if (target.certificate === 'default') return certificate.names;
  const owner = config.certificates.find(({ targets }) =>
    targets.some(
      (other) =>
        other.type === 'alb' &&
        other.listener === target.listener &&
        other.certificate === 'default',
    ),
  );
  return owner?.names ?? ['placeholder.invalid'];
}

async function createListener(
  builder: Builder,
  { region, account }: Place,
  listenerArn: string,
  certificateArn: string,
): Promise<string> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(builder.cloud, region, account));
  const [, , name = 'alb'] = listenerArn.split('/');
  const LoadBalancerArn = await balancerOf(builder, elb, account, listenerArn);
  return onFreePorts(async (freePort) => {
    const port = await freePort();
    const command = new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTPS',
      Port: port,
      Certificates: [{ CertificateArn: certificateArn }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    });
    const { Listeners } = await untilCertificateKnown(builder.clock, () => elb.send(command));
    builder.onStep(`load balancer ${name} listens on port ${port}`);
    return Listeners?.[0]?.ListenerArn ?? '';
  });
}

/** The balancer of a listener, created with the first of its listeners. */
export function balancerOf(
  { balancers }: Builder,
  elb: ElasticLoadBalancingV2Client,
  account: string,
  listenerArn: string,
): Promise<string> {
  const [, , name = 'alb', id = ''] = listenerArn.split('/');
  const [, , , region] = listenerArn.split(':');
  const key = `${region} ${account} ${id}`;
  const balancer = balancers.get(key) ?? createBalancer(elb, name);
  balancers.set(key, balancer);
  return balancer;
}

async function createBalancer(elb: ElasticLoadBalancingV2Client, Name: string): Promise<string> {
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name }));
  return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
}
