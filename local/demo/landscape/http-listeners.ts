import {
  CreateListenerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesByNameCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { operatorClient } from 'local-cloud/operator.ts';
import { getDomain } from 'tldts';
import type { Config } from '#shared/config/config.ts';
import { usuallyOffered } from '#shared/solvers/challenge-type.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import { balancerOf } from './balancers.ts';
import { type Builder, inLocalAccount } from './builder.ts';
import { onFreePorts } from './free-port.ts';

/**
 * Creates the HTTP listeners of solvers, each on a free high port and with a redirect to HTTPS, as people have them, and an
 * alias to the load balancer for each name that they prove. Returns them by the listener of the configuration.
 */
export async function createHttpListeners(builder: Builder): Promise<ReadonlyMap<string, string>> {
  const { config } = builder;
  const created = new Map<string, string>();
  for (const solver of config.solvers) {
    if (solver.type !== 'alb-http01') continue;
    const { listener } = solver;
    const [, , , region = '', account = ''] = listener.split(':');
    const place = inLocalAccount({ account, region }, config);
    const elb = new ElasticLoadBalancingV2Client(
      operatorClient(builder.cloud, place.region, place.account),
    );
    const balancer = await balancerOf(builder, elb, place.account, listener);
    if (!created.has(listener)) created.set(listener, await createListener(builder, elb, balancer));
    for (const name of namesOf(config, solver)) await pointAt(builder, elb, name, balancer);
  }
  return created;
}

async function createListener(
  { onStep }: Builder,
  elb: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
): Promise<string> {
  return onFreePorts(async (freePort) => {
    const port = await freePort();
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTP',
        Port: port,
        DefaultActions: [
          {
            Type: 'redirect',
            RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
          },
        ],
      }),
    );
    onStep(`load balancer ${LoadBalancerArn.split('/')[2]} speaks HTTP on port ${port}`);
    return Listeners?.[0]?.ListenerArn ?? '';
  });
}

function namesOf({ certificates, solvers }: Config, solver: SolverConfig): ReadonlySet<string> {
  const select = solverSelection(solvers, challengeOf);
  const names = certificates.flatMap((certificate) => certificate.names);
  return new Set(names.filter((name) => select(name, usuallyOffered(name)) === solver));
}

async function pointAt(
  { cloud, config }: Builder,
  elb: ElasticLoadBalancingV2Client,
  name: string,
  balancer: string,
): Promise<void> {
  const { LoadBalancers } = await elb.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [balancer] }),
  );
  const [found] = LoadBalancers ?? [];
  const route53 = new Route53Client(operatorClient(cloud, config.home.region));
  const domain = getDomain(name, { allowPrivateDomains: true }) ?? name;
  const { HostedZones } = await route53.send(
    new ListHostedZonesByNameCommand({ DNSName: domain, MaxItems: 1 }),
  );
  const AliasTarget = {
    HostedZoneId: found?.CanonicalHostedZoneId,
    DNSName: found?.DNSName,
    EvaluateTargetHealth: false,
  };
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: HostedZones?.[0]?.Id,
      ChangeBatch: {
        Changes: [{ Action: 'CREATE', ResourceRecordSet: { Name: name, Type: 'A', AliasTarget } }],
      },
    }),
  );
}
