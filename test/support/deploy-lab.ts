import * as acmModule from '@aws-sdk/client-acm';
import * as elbModule from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2Module from '@aws-sdk/client-elastic-load-balancing-v2';
import { faultInjection } from 'local-cloud/faults.ts';
import { importInput, type MadeCertificate } from 'local-cloud/kit/certificates.ts';
import { loadBalancers } from 'local-cloud/load-balancers/load-balancers.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { type AcmOptions, acm } from 'local-cloud/services/acm/service.ts';
import { elb } from 'local-cloud/services/elb/service.ts';
import { elbv2 } from 'local-cloud/services/elbv2/service.ts';
import { ssm, ssmService } from 'local-cloud/services/ssm/service.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { startAwsFront } from 'local-cloud/wire/front.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import type { ClientOptions, ClientSettings } from '#shared/aws/clients.ts';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import { localClientOptions } from './local-client-options.ts';

export const home = { account: homeAccount, region: 'us-east-1' };

export type DeployLab = Awaited<ReturnType<typeof deployLab>>;

/** ACM, ELB and listening balancers behind one front, for certkeep's own clients, with faults and AWS's lags. */
export async function deployLab(
  options: {
    readonly limits?: AcmOptions['limits'];
    readonly clock?: VirtualClock;
    /** What the lists of one load balancer may hold. */
    readonly maxCertificates?: number;
  } = {},
) {
  const { clock = virtualClock(), maxCertificates = 3 } = options;
  const faults = faultInjection();
  const balancers = loadBalancers({ clock, spreadMs: [1_000, 3_000] });
  const certificates = acm({
    clock,
    inUseBy: balancers.inUseBy,
    limits: options.limits ?? { importsPerSecond: Number.POSITIVE_INFINITY },
  });
  const source = { clock, find: certificates.find, certificateLagMs: 5_000, balancers };
  const v2 = elbv2({ ...source, maxCertificates });
  const classic = elb(source);
  const parameters = ssm({ clock });
  const front = await startAwsFront({
    services: [
      serviceOf('acm', acmModule, acmModule.ACMClient, certificates.operations),
      serviceOf('elbv2', elbv2Module, elbv2Module.ElasticLoadBalancingV2Client, v2.operations),
      serviceOf('elb', elbModule, elbModule.ElasticLoadBalancingClient, classic.operations),
      ssmService(parameters),
    ],
    faults,
    callerOf: () => null,
  });
  const clientOptions = (settings: Partial<ClientSettings> = {}): ClientOptions =>
    localClientOptions(front, settings);
  const acmClient = new acmModule.ACM(clientOptions());
  const v2Client = new elbv2Module.ElasticLoadBalancingV2(clientOptions());
  const elbClient = new elbModule.ElasticLoadBalancing(clientOptions());

  async function imported(certificate: MadeCertificate): Promise<string> {
    const { CertificateArn } = await acmClient.importCertificate(importInput(certificate));
    await clock.sleep(10_000);
    return CertificateArn as string;
  }

  return {
    clock,
    faults,
    balancers,
    certificates,
    /** What a person does, at once and past the wire. */
    v2,
    classic,
    parameters,
    clientOptions,
    imported,
    probe: tlsProbe({
      resolve: async (host) => balancers.addresses(host) ?? [],
      timeoutMs: 2_000,
    }),
    /** An HTTPS listener that has this default. */
    async createAlb(Name: string, defaultArn: string) {
      const { LoadBalancers } = await v2Client.createLoadBalancer({ Name });
      const port = await freePort();
      const { Listeners } = await v2Client.createListener({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'HTTPS',
        Port: port,
        Certificates: [{ CertificateArn: defaultArn }],
        DefaultActions: [{ Type: 'forward' }],
      });
      const host = LoadBalancers?.[0]?.DNSName as string;
      return { listener: Listeners?.[0]?.ListenerArn as string, host, port };
    },
    async createClb(LoadBalancerName: string, SSLCertificateId: string): Promise<number> {
      const LoadBalancerPort = await freePort();
      await elbClient.createLoadBalancer({
        LoadBalancerName,
        Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId }],
        AvailabilityZones: ['us-east-1a'],
      });
      return LoadBalancerPort;
    },
    /** By hand: into the list, out of it, and as the default. */
    async list(ListenerArn: string, CertificateArn: string): Promise<void> {
      await v2Client.addListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn }] });
    },
    async unlist(ListenerArn: string, CertificateArn: string): Promise<void> {
      const Certificates = [{ CertificateArn }];
      await v2Client.removeListenerCertificates({ ListenerArn, Certificates });
    },
    async setDefault(ListenerArn: string, CertificateArn: string): Promise<void> {
      await v2Client.modifyListener({ ListenerArn, Certificates: [{ CertificateArn }] });
    },
    async listed(ListenerArn: string) {
      const { Certificates = [] } = await v2Client.describeListenerCertificates({ ListenerArn });
      return Certificates.map(({ CertificateArn, IsDefault }) => ({ CertificateArn, IsDefault }));
    },
    async close() {
      await balancers.close();
      await front.close();
    },
  };
}
