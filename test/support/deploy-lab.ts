import * as acmModule from '@aws-sdk/client-acm';
import * as gatewayModule from '@aws-sdk/client-api-gateway';
import { CloudFront, type DistributionConfig } from '@aws-sdk/client-cloudfront';
import * as elbModule from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2Module from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAM } from '@aws-sdk/client-iam';
import { faultInjection } from 'local-cloud/faults.ts';
import { importInput, type MadeCertificate } from 'local-cloud/kit/certificates.ts';
import { byAcm, distributionConfig } from 'local-cloud/kit/distribution.ts';
import { loadBalancers } from 'local-cloud/load-balancers/load-balancers.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { type AcmOptions, acm } from 'local-cloud/services/acm/service.ts';
import { apiGateway, apiGatewayService } from 'local-cloud/services/api-gateway/service.ts';
import { cloudfront, cloudfrontService } from 'local-cloud/services/cloudfront/service.ts';
import { elb } from 'local-cloud/services/elb/service.ts';
import { elbv2 } from 'local-cloud/services/elbv2/service.ts';
import { iamService } from 'local-cloud/services/roles/service.ts';
import { serverCertificates } from 'local-cloud/services/server-certificates/service.ts';
import { ssm, ssmService } from 'local-cloud/services/ssm/service.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { startAwsFront } from 'local-cloud/wire/front.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import type { ClientOptions, ClientSettings } from '#shared/aws/clients.ts';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { localClientOptions } from './local-client-options.ts';

export const home = { account: homeAccount, region: 'us-east-1' };

export type DeployLab = Awaited<ReturnType<typeof deployLab>>;

/** ACM, IAM's server certificates, ELB and listening balancers behind one front, for certkeep's own clients, with faults and AWS's lags. */
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
  const keptInIam = serverCertificates({ clock, inUseBy: balancers.inUseBy });
  const classic = elb({ ...source, findInIam: keptInIam.find });
  const gateway = apiGateway(source);
  const distributions = cloudfront(source);
  const parameters = ssm({ clock });
  const front = await startAwsFront({
    services: [
      serviceOf('acm', acmModule, acmModule.ACMClient, certificates.operations),
      serviceOf('elbv2', elbv2Module, elbv2Module.ElasticLoadBalancingV2Client, v2.operations),
      serviceOf('elb', elbModule, elbModule.ElasticLoadBalancingClient, classic.operations),
      apiGatewayService(gateway),
      cloudfrontService(distributions),
      ssmService(parameters),
      iamService({ operations: {} }, keptInIam),
    ],
    faults,
    callerOf: () => null,
  });
  const clientOptions = (settings: Partial<ClientSettings> = {}): ClientOptions =>
    localClientOptions(front, settings);
  const acmClient = new acmModule.ACM(clientOptions());
  const v2Client = new elbv2Module.ElasticLoadBalancingV2(clientOptions());
  const edges = new CloudFront(clientOptions());
  const iamClient = new IAM(clientOptions());
  const elbClient = new elbModule.ElasticLoadBalancing(clientOptions());

  const operator = { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' };
  const gatewayClient = new gatewayModule.APIGateway({
    ...clientOptions(),
    credentials: operator,
  });

  async function imported(certificate: MadeCertificate): Promise<string> {
    const { CertificateArn } = await acmClient.importCertificate(importInput(certificate));
    await clock.sleep(10_000);
    return CertificateArn as string;
  }

  /** An HTTPS or TLS listener that has this default, on a load balancer of its own. */
  async function createListener(kind: 'alb' | 'nlb', Name: string, defaultArn: string) {
    const Type = kind === 'nlb' ? 'network' : 'application';
    const { LoadBalancers } = await v2Client.createLoadBalancer({ Name, Type });
    const port = await freePort();
    const { Listeners } = await v2Client.createListener({
      LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: kind === 'nlb' ? 'TLS' : 'HTTPS',
      Port: port,
      Certificates: [{ CertificateArn: defaultArn }],
      DefaultActions: [{ Type: 'forward' }],
    });
    const host = LoadBalancers?.[0]?.DNSName as string;
    return { listener: Listeners?.[0]?.ListenerArn as string, host, port };
  }

  return {
    clock,
    faults,
    balancers,
    certificates,
    serverCertificates: keptInIam,
    /** What a person does, at once and past the wire. */
    v2,
    classic,
    gateway,
    parameters,
    clientOptions,
    imported,
    probe: tlsProbe({
      resolve: async (host) => balancers.addresses(host) ?? [],
      timeoutMs: 2_000,
    }),
    createListener,
    distributions,
    /** A distribution with these aliases, deployed; somebody else's certificate is CloudFront's own where there is none. */
    async createDistribution(
      aliases: readonly string[],
      arn: string | null,
      given: Partial<DistributionConfig> = {},
    ): Promise<{ readonly id: string; readonly host: string; readonly port: number }> {
      const viewer = arn === null ? {} : { ViewerCertificate: byAcm(arn) };
      const config = distributionConfig(aliases, { ...viewer, ...given });
      const { Distribution } = await edges.createDistribution({ DistributionConfig: config });
      const [host = '', port] = Distribution?.DomainName?.split(':') ?? [];
      await clock.sleep(10 * minuteMs);
      return { id: Distribution?.Id as string, host, port: Number(port) };
    },
    /** What a person does to a distribution by hand. */
    async changeDistribution(Id: string, change: Partial<DistributionConfig>): Promise<void> {
      const { DistributionConfig: held, ETag } = await edges.getDistributionConfig({ Id });
      const DistributionConfig = { ...(held as DistributionConfig), ...change };
      await edges.updateDistribution({ Id, IfMatch: ETag, DistributionConfig });
    },
    async distributionConfig(Id: string): Promise<DistributionConfig> {
      const { DistributionConfig } = await edges.getDistributionConfig({ Id });
      return DistributionConfig as DistributionConfig;
    },
    createAlb: (name: string, defaultArn: string) => createListener('alb', name, defaultArn),
    async createClb(LoadBalancerName: string, SSLCertificateId: string): Promise<number> {
      const LoadBalancerPort = await freePort();
      await elbClient.createLoadBalancer({
        LoadBalancerName,
        Listeners: [{ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId }],
        AvailabilityZones: ['us-east-1a'],
      });
      return LoadBalancerPort;
    },
    /** Somebody's server certificate of IAM. */
    async uploaded(name: string, certificate: MadeCertificate): Promise<string> {
      const { certificatePem: CertificateBody, chainPem, keyPem: PrivateKey } = certificate;
      const { ServerCertificateMetadata } = await iamClient.uploadServerCertificate({
        ...{ ServerCertificateName: name, CertificateBody, PrivateKey },
        ...(chainPem && { CertificateChain: chainPem }),
      });
      await clock.sleep(10_000);
      return ServerCertificateMetadata?.Arn as string;
    },
    /** By hand. */
    async setClb(LoadBalancerName: string, LoadBalancerPort: number, SSLCertificateId: string) {
      const set = { LoadBalancerName, LoadBalancerPort, SSLCertificateId };
      await elbClient.setLoadBalancerListenerSSLCertificate(set);
    },
    async clbHolds(name: string): Promise<string | undefined> {
      const asked = { LoadBalancerNames: [name] };
      const { LoadBalancerDescriptions } = await elbClient.describeLoadBalancers(asked);
      const [listener] = LoadBalancerDescriptions?.[0]?.ListenerDescriptions ?? [];
      return listener?.Listener?.SSLCertificateId;
    },
    /** A Regional custom domain name of API Gateway, or an edge-optimized one. Its creation uses up no turn. */
    async createDomainName(
      domainName: string,
      arn: string,
      more: Partial<gatewayModule.CreateDomainNameCommandInput> = {},
    ): Promise<{ readonly host: string; readonly port: number }> {
      const regional = { types: ['REGIONAL' as const] };
      const isEdge = more.endpointConfiguration?.types?.includes('EDGE');
      const created = await gatewayClient.createDomainName({
        domainName,
        ...(isEdge ? { certificateArn: arn } : { regionalCertificateArn: arn }),
        endpointConfiguration: regional,
        ...more,
      });
      const endpoint = created.regionalDomainName ?? created.distributionDomainName;
      const [host = '', port] = endpoint?.split(':') ?? [];
      return { host, port: Number(port) };
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
    async setDomain(domainName: string, value: string): Promise<void> {
      const patchOperations = [{ op: 'replace' as const, path: '/regionalCertificateArn', value }];
      await gatewayClient.updateDomainName({ domainName, patchOperations });
    },
    async boundAt(domainName: string): Promise<string | undefined> {
      return (await gatewayClient.getDomainName({ domainName })).regionalCertificateArn;
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
