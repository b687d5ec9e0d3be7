import * as acmModule from '@aws-sdk/client-acm';
import * as elbModule from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2Module from '@aws-sdk/client-elastic-load-balancing-v2';
import * as eventsModule from '@aws-sdk/client-eventbridge';
import * as route53Module from '@aws-sdk/client-route-53';
import * as sqsModule from '@aws-sdk/client-sqs';
import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from './ca/acme-ca.ts';
import type { Clock } from './clock.ts';
import { publicDns, registeredName } from './dns/public-dns.ts';
import { type DnsServer, startDns } from './dns/server.ts';
import { type Faults, faultInjection } from './faults.ts';
import { functionRights } from './iam/function-rights.ts';
import { type Iam, iam } from './iam/iam.ts';
import { missingToPublishByAlarm, missingToPublishByRule } from './iam/publish-rights.ts';
import { resourcesOf } from './iam/resources.ts';
import { type LoadBalancers, loadBalancers } from './load-balancers/load-balancers.ts';
import { expiryEvents } from './services/acm/expiry-events.ts';
import { type Acm, type AcmOptions, acm } from './services/acm/service.ts';
import { type ApiGateway, apiGateway, apiGatewayService } from './services/api-gateway/service.ts';
import type { UpdatingMs } from './services/api-gateway/state.ts';
import { type CloudFront, cloudfront, cloudfrontService } from './services/cloudfront/service.ts';
import { putEmbedded } from './services/cloudwatch/embedded.ts';
import { type CloudWatch, cloudwatch, cloudwatchService } from './services/cloudwatch/service.ts';
import { elb } from './services/elb/service.ts';
import { type Elbv2, elbv2 } from './services/elbv2/service.ts';
import { type EventBridge, eventbridge } from './services/eventbridge/service.ts';
import { type TopicDeliveries, topicDeliveries } from './services/eventbridge/topic-deliveries.ts';
import { type Kms, kms } from './services/kms.ts';
import { type Lambda, lambda, lambdaService } from './services/lambda/service.ts';
import { type Logs, logs, logsService } from './services/logs/service.ts';
import { type ResourcePolicies, resourcePolicies } from './services/resource-policies.ts';
import { iamService, type Roles, roles } from './services/roles/service.ts';
import { type Route53, route53 } from './services/route53/service.ts';
import { type S3, s3, s3Service } from './services/s3/service.ts';
import { type Scheduler, scheduler, schedulerService } from './services/scheduler/service.ts';
import {
  type SecretsManager,
  secretsManager,
  secretsManagerService,
} from './services/secrets-manager/service.ts';
import {
  type ServerCertificates,
  serverCertificates,
} from './services/server-certificates/service.ts';
import { type Sns, sns, snsService } from './services/sns/service.ts';
import { type Sqs, sqs } from './services/sqs/service.ts';
import { type Ssm, ssm, ssmService } from './services/ssm/service.ts';
import { sts, stsService } from './services/sts/service.ts';
import { tagging, taggingService } from './services/tagging/service.ts';
import { type Accounts, accounts } from './wire/accounts.ts';
import { type AwsFront, startAwsFront } from './wire/front.ts';
import type { Place } from './wire/place.ts';
import { serviceOf } from './wire/service-of.ts';

/** The time until changes are visible everywhere, in milliseconds of the cloud's clock. */
export type Consistency = {
  readonly route53InsyncMs: number;
  /** One value per node of a load balancer. */
  readonly balancerSpreadMs: readonly number[];
  readonly replicationMs: number;
  readonly acmListLagMs: number;
  readonly acmInUseByLagMs: number;
  /** The time until IAM shows a server certificate; as ListCertificates of ACM unless given. */
  readonly iamLagMs?: number;
  readonly elbCertificateLagMs: number;
  /** How long a domain name of API Gateway is UPDATING; AWS's times unless given. */
  readonly domainUpdatingMs?: UpdatingMs;
  /** From a change of a distribution to the status Deployed; a few minutes unless given. */
  readonly cloudfrontDeployMs?: number;
};

/** As slow to agree as AWS is seen to be. */
export const usualConsistency: Consistency = {
  route53InsyncMs: 20_000,
  balancerSpreadMs: [5_000, 20_000],
  replicationMs: 3_000,
  acmListLagMs: 2_000,
  acmInUseByLagMs: 5_000,
  elbCertificateLagMs: 3_000,
};

export type CloudOptions = {
  readonly clock: Clock;
  readonly consistency: Consistency;
  readonly acmLimits?: AcmOptions['limits'];
  readonly ca?: Partial<Omit<AcmeCaOptions, 'clock' | 'faults' | 'resolver' | 'httpPort'>>;
  readonly port?: number;
  /** Alarms are evaluated at every minute of the clock unless this is false. */
  readonly evaluatesAlarms?: boolean;
  /** ACM sends its daily events of certificates that end soon unless this is false. */
  readonly tellsOfExpiry?: boolean;
};

export type Cloud = {
  /** The value for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** The operations that the endpoint answers, by service id. */
  readonly operations: ReadonlyMap<string, readonly string[]>;
  readonly faults: Faults;
  readonly accounts: Accounts;
  /** Decides rights; it checks them only for sessions of a role. */
  readonly iam: Iam;
  readonly dns: DnsServer;
  /** The DNS of the networks in which functions run, where internal load balancers can be reached. */
  readonly insideDns: DnsServer;
  /** The addresses of hosts by names that only those networks know. */
  readonly privateHosts: Map<string, readonly string[]>;
  readonly ca: AcmeCa;
  readonly balancers: LoadBalancers;
  /** The local port of a name's plain HTTP endpoint, for CAs, which use port 80 in public; null where there is none. */
  readonly httpPort: (name: string) => number | null;
  readonly acm: Acm;
  readonly apiGateway: ApiGateway;
  readonly cloudfront: CloudFront;
  readonly cloudwatch: CloudWatch;
  /** Those of `cloudwatch`, which everything else here writes to. */
  readonly metrics: CloudWatch['metrics'];
  readonly route53: Route53;
  readonly s3: S3;
  readonly secrets: SecretsManager;
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly ssm: Ssm;
  readonly elbv2: Elbv2;
  readonly events: EventBridge;
  /** The messages that rules of its buses publish to topics. */
  readonly eventTopics: TopicDeliveries;
  readonly kms: Kms;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly policies: ResourcePolicies;
  readonly roles: Roles;
  readonly serverCertificates: ServerCertificates;
  readonly scheduler: Scheduler;
  close(): Promise<void>;
};

/** AWS as certkeep sees it, its DNS, its load balancers and a CA: real protocols on loopback, state in memory. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, consistency } = options;
  const faults = faultInjection();
  const known = accounts();
  const balancers = loadBalancers({ clock, spreadMs: consistency.balancerSpreadMs });
  const certificates = acm({
    clock,
    inUseBy: balancers.inUseBy,
    listLagMs: consistency.acmListLagMs,
    inUseByLagMs: consistency.acmInUseByLagMs,
    ...(options.acmLimits && { limits: options.acmLimits }),
  });
  const keptInIam = serverCertificates({
    clock,
    inUseBy: balancers.inUseBy,
    lagMs: consistency.iamLagMs ?? consistency.acmListLagMs,
    inUseByLagMs: consistency.acmInUseByLagMs,
  });
  const source = {
    clock,
    balancers,
    find: certificates.find,
    certificateLagMs: consistency.elbCertificateLagMs,
  };
  const zones = route53({ clock, insyncMs: consistency.route53InsyncMs });
  const objects = s3({ clock });
  const secrets = secretsManager({ clock, replicationMs: consistency.replicationMs });
  const topics = sns({ clock, policyOf: (arn) => policies.of(arn) });
  const parameters = ssm({ clock });
  const events = eventbridge({ clock });
  const classic = elb({ ...source, findInIam: keptInIam.find });
  const gateway = apiGateway({
    ...source,
    ...(consistency.domainUpdatingMs && { updatingMs: consistency.domainUpdatingMs }),
  });
  const distributions = cloudfront({
    clock,
    balancers,
    find: certificates.find,
    certificateLagMs: consistency.elbCertificateLagMs,
    ...(consistency.cloudfrontDeployMs !== undefined && {
      deployMs: consistency.cloudfrontDeployMs,
    }),
  });
  const application = elbv2({
    ...source,
    async invoke(functionArn, groupArn, event) {
      const missing = await functionRights(rights).missingToInvokeByGroup(groupArn, functionArn);
      const deployed = functions.functions.get(functionArn);
      if (missing.length > 0 || !deployed || !functions.runner) return null;
      const result = await functions.runner.invoke(deployed, event);
      return result.ok ? result.payload : null;
    },
  });
  const rights = iam(
    resourcesOf({
      acm: certificates,
      apiGateway: gateway,
      cloudfront: distributions,
      elb: classic,
      elbv2: application,
      s3: objects,
      secrets,
      serverCertificates: keptInIam,
      sns: topics,
      ssm: parameters,
    }),
  );
  const policies = resourcePolicies(rights.putResourcePolicy);
  let front: AwsFront | undefined;
  const queues = sqs({ clock, endpoint: () => front?.endpoint ?? '' });
  const functions = lambda({ queue: queues.queueByArn });
  const keys = kms({ clock });
  const watch = cloudwatch({
    clock,
    queues: queues.all,
    sns: topics,
    missingToPublish: (alarm, topicArn) =>
      missingToPublishByAlarm(rights, {
        alarmArn: alarm.arn,
        topicArn,
        keyArn: topicKey(alarm, topicArn),
      }),
    ticks: options.evaluatesAlarms ?? true,
  });
  function topicKey(place: Place, topicArn: string): string | null {
    const keyId = topics.keyIdOf(topicArn);
    return keyId === null ? null : (keys.find(place, keyId)?.arn ?? keyId);
  }
  const eventTopics = topicDeliveries({
    sns: topics,
    missingToPublish: (topicArn, place) =>
      missingToPublishByRule(rights, { place, topicArn, keyArn: topicKey(place, topicArn) }),
  });
  events.onDelivery(eventTopics.deliver);
  const { tellsOfExpiry = true } = options;
  const endExpiryEvents = tellsOfExpiry
    ? expiryEvents({ clock, certificates: certificates.certificates, ...events })
    : () => undefined;
  const groups = logs({
    clock,
    onLine: (place, line) => putEmbedded(watch.metrics, place, line),
  });
  const granted = roles({ put: rights.putRole, delete: rights.deleteRole }, rights.simulate, clock);
  const schedules = scheduler({ clock });
  const services = [
    serviceOf('acm', acmModule, acmModule.ACMClient, certificates.operations),
    apiGatewayService(gateway),
    cloudfrontService(distributions),
    cloudwatchService(watch),
    serviceOf('elb', elbModule, elbModule.ElasticLoadBalancingClient, classic.operations),
    serviceOf(
      'elbv2',
      elbv2Module,
      elbv2Module.ElasticLoadBalancingV2Client,
      application.operations,
    ),
    serviceOf('events', eventsModule, eventsModule.EventBridgeClient, events.operations),
    iamService(granted, keptInIam),
    lambdaService(functions),
    logsService(groups),
    serviceOf('route53', route53Module, route53Module.Route53Client, zones.operations),
    serviceOf('sqs', sqsModule, sqsModule.SQSClient, queues.operations),
    s3Service(objects),
    schedulerService(schedules),
    secretsManagerService(secrets),
    snsService(topics),
    ssmService(parameters),
    taggingService(tagging(clock, [application, classic, distributions])),
    stsService(sts({ clock, accounts: known, mayAssume: rights.mayAssume })),
  ];
  front = await startAwsFront({
    services,
    faults,
    callerOf: known.callerOf,
    accountOf: known.accountOf,
    authorize: (call) =>
      rights.authorize({ ...call, identity: known.identityOf(call.accessKeyId) }),
    ...(options.port && { port: options.port }),
  });
  const names = { zones: zones.publicZones, addresses: balancers.addresses };
  const dns = await startDns({ lookup: publicDns(names) });
  const privateHosts = new Map<string, readonly string[]>();
  const inside = {
    ...names,
    addresses: (name: string) => privateHosts.get(name) ?? balancers.insideAddresses(name),
  };
  const insideDns = await startDns({ lookup: publicDns(inside) });
  const httpPort = (name: string) => balancers.httpPort(registeredName(names, name) ?? '');
  const ca = await startAcmeCa({
    ...options.ca,
    clock,
    faults,
    resolver: dns.address,
    httpPort: (name) => httpPort(name) ?? 80,
  });
  return {
    endpoint: front.endpoint,
    operations: new Map(services.map(({ id, operations }) => [id, Object.keys(operations)])),
    faults,
    accounts: known,
    iam: rights,
    dns,
    insideDns,
    privateHosts,
    ca,
    balancers,
    httpPort,
    acm: certificates,
    apiGateway: gateway,
    cloudfront: distributions,
    cloudwatch: watch,
    metrics: watch.metrics,
    route53: zones,
    s3: objects,
    secrets,
    sqs: queues,
    sns: topics,
    ssm: parameters,
    elbv2: application,
    events,
    eventTopics,
    kms: keys,
    lambda: functions,
    logs: groups,
    policies,
    roles: granted,
    serverCertificates: keptInIam,
    scheduler: schedules,
    async close() {
      watch.close();
      endExpiryEvents();
      await Promise.all([
        front.close(),
        dns.close(),
        insideDns.close(),
        ca.close(),
        balancers.close(),
      ]);
    },
  };
}
