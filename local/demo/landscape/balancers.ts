import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  type CreateListenerCommandInput,
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { operatorClient } from 'local-cloud/operator.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Place } from '#shared/place.ts';
import { hasList, type ListenerTarget } from '#shared/targets/elbv2/facts.ts';
import { untilCertificateKnown } from '#shared/targets/until-known.ts';
import { type Builder, listenerKey, localPlace } from './builder.ts';
import { importOther, issueByAmazon } from './certificates.ts';
import { onFreePorts } from './free-port.ts';

export async function createTlsListener(
  builder: Builder,
  target: ListenerTarget,
  certificate: CertificateConfig,
): Promise<void> {
  const place = localPlace(builder, target);
  const names = replacedNames(builder.config, target, certificate);
  const isConsoleMade = builder.consoleMade.has(target.listener);
  const have = isConsoleMade ? issueByAmazon : importOther;
  const arn = await have(builder, place, names, 'ecdsa-p256');
  const listener = await createListener(builder, place, target, arn);
  if (isConsoleMade) {
    await addToList(builder, place, listener, arn);
    builder.onStep(
      `${listener.split('/')[2]} has its Amazon-issued default in the SNI list as well`,
    );
  }
  builder.listeners.set(listenerKey(builder, target), { listener });
}

/**
 * "If you created the listener using the AWS Management Console, we added the default certificate to the certificate
 * list for you" (https-listener-certificates.html).
 */
export async function addToList(
  { clock, cloud }: Pick<Builder, 'clock' | 'cloud'>,
  { region, account }: Place,
  ListenerArn: string,
  CertificateArn: string,
): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(cloud, region, account));
  const Certificates = [{ CertificateArn }];
  const command = new AddListenerCertificatesCommand({ ListenerArn, Certificates });
  await untilCertificateKnown(clock, () => elb.send(command));
}

/** A default that will be replaced has the same names; one beside an SNI list has its own. */
function replacedNames(config: Config, target: ListenerTarget, certificate: CertificateConfig) {
  if (target.certificate !== 'sni') return certificate.names;
  const owner = config.certificates.find(({ targets }) =>
    targets.some(
      (other) =>
        hasList(other) && other.listener === target.listener && other.certificate !== 'sni',
    ),
  );
  return owner?.names ?? ['placeholder.invalid'];
}

export async function createListener(
  builder: Pick<Builder, 'balancers' | 'clock' | 'cloud' | 'onStep'>,
  { region, account }: Place,
  { listener: listenerArn, type }: Pick<ListenerTarget, 'listener' | 'type'>,
  certificateArn: string,
): Promise<string> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(builder.cloud, region, account));
  const [, , name = ''] = listenerArn.split('/');
  const LoadBalancerArn = await balancerOf(builder, elb, account, listenerArn);
  return onFreePorts(async (freePort) => {
    const port = await freePort();
    const command = new CreateListenerCommand({
      LoadBalancerArn,
      ...serving[type],
      Port: port,
      Certificates: [{ CertificateArn: certificateArn }],
    });
    const { Listeners } = await untilCertificateKnown(builder.clock, () => elb.send(command));
    builder.onStep(`load balancer ${name} listens on port ${port}`);
    return Listeners?.[0]?.ListenerArn ?? '';
  });
}

/** A Network Load Balancer answers nothing itself, and passes connections on. */
const serving = {
  alb: {
    Protocol: 'HTTPS',
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
  },
  nlb: { Protocol: 'TLS', DefaultActions: [{ Type: 'forward' }] },
} satisfies Record<ListenerTarget['type'], Partial<CreateListenerCommandInput>>;

/** The balancer of a listener, created with the first of its listeners. */
export function balancerOf(
  { balancers }: Pick<Builder, 'balancers'>,
  elb: ElasticLoadBalancingV2Client,
  account: string,
  listenerArn: string,
): Promise<string> {
  const [form = '', name = '', id = ''] = listenerArn.split(':listener/')[1]?.split('/') ?? [];
  const [, , , region] = listenerArn.split(':');
  const key = `${region} ${account} ${form} ${id}`;
  const balancer = balancers.get(key) ?? createBalancer(elb, name, form);
  balancers.set(key, balancer);
  return balancer;
}

async function createBalancer(
  elb: ElasticLoadBalancingV2Client,
  Name: string,
  form: string,
): Promise<string> {
  const Type = form === 'net' ? 'network' : 'application';
  const Scheme = schemeOf(Name);
  const command = new CreateLoadBalancerCommand({ Name, Type, ...(Scheme && { Scheme }) });
  const { LoadBalancers } = await elb.send(command);
  return LoadBalancers?.[0]?.LoadBalancerArn ?? '';
}

/** No ARN says whether a load balancer is internal: here those are that are called private. */
function schemeOf(name: string): 'internal' | null {
  return name.startsWith('private-') ? 'internal' : null;
}
