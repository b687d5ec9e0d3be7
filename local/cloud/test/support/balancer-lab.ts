import * as acmModule from '@aws-sdk/client-acm';
import * as gatewayModule from '@aws-sdk/client-api-gateway';
import * as elbModule from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2Module from '@aws-sdk/client-elastic-load-balancing-v2';
import { faultInjection } from '#cloud/faults.ts';
import { importInput, type MadeCertificate } from '#cloud/kit/certificates.ts';
import { type LoadBalancersOptions, loadBalancers } from '#cloud/load-balancers/load-balancers.ts';
import { type AcmOptions, acm } from '#cloud/services/acm/service.ts';
import { type ApiGatewayOptions, apiGateway } from '#cloud/services/api-gateway/service.ts';
import { type ElbOptions, elb } from '#cloud/services/elb/service.ts';
import { type Elbv2Options, elbv2 } from '#cloud/services/elbv2/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { startAwsFront } from '#cloud/wire/front.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';

export type LabOptions = {
  readonly acm?: Partial<AcmOptions>;
  readonly elbv2?: Partial<Elbv2Options>;
  readonly elb?: Partial<ElbOptions>;
  readonly apiGateway?: Partial<ApiGatewayOptions>;
  readonly spreadMs?: LoadBalancersOptions['spreadMs'];
};

export type BalancerLab = Awaited<ReturnType<typeof balancerLab>>;

/**
 * ACM, both ELB APIs and API Gateway over real HTTP, asked by the unmodified SDK, on a virtual clock. Imports are not
 * throttled and nothing lags behind unless a test wants it.
 */
export async function balancerLab(options: LabOptions = {}) {
  const clock = virtualClock();
  const balancers = loadBalancers({ clock, spreadMs: options.spreadMs ?? [0, 0] });
  const certificates = acm({
    clock,
    inUseBy: balancers.inUseBy,
    limits: { importsPerSecond: Number.POSITIVE_INFINITY },
    listLagMs: 0,
    inUseByLagMs: 0,
    ...options.acm,
  });
  const source = { clock, find: certificates.find, certificateLagMs: 0, balancers };
  const v2 = elbv2({ ...source, ...options.elbv2 });
  const classic = elb({ ...source, ...options.elb });
  const gateway = apiGateway({ ...source, ...options.apiGateway });
  const front = await startAwsFront({
    services: [
      serviceOf('acm', acmModule, acmModule.ACMClient, certificates.operations),
      serviceOf('elbv2', elbv2Module, elbv2Module.ElasticLoadBalancingV2Client, v2.operations),
      serviceOf('elb', elbModule, elbModule.ElasticLoadBalancingClient, classic.operations),
      serviceOf('apigateway', gatewayModule, gatewayModule.APIGatewayClient, gateway.operations),
    ],
    faults: faultInjection(),
    callerOf: () => null,
  });
  const configuration = {
    endpoint: front.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const acmClient = new acmModule.ACM(configuration);

  return {
    clock,
    balancers,
    certificates,
    acm: acmClient,
    /** Another region of the same account. */
    acmElsewhere: new acmModule.ACM({ ...configuration, region: 'us-east-1' }),
    elbv2: new elbv2Module.ElasticLoadBalancingV2(configuration),
    elb: new elbModule.ElasticLoadBalancing(configuration),
    gateway,
    apiGateway: new gatewayModule.APIGateway(configuration),
    /** Imports a new certificate and returns its ARN. */
    async imported(certificate: MadeCertificate): Promise<string> {
      const { CertificateArn } = await acmClient.importCertificate(importInput(certificate));
      return CertificateArn as string;
    },
    async close() {
      await balancers.close();
      await front.close();
    },
  };
}
