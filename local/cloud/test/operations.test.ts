import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#cloud/clock.ts';
import { type Cloud, startCloud } from '#cloud/cloud.ts';
import { type AwsCommand, awsCommand } from '#cloud/kit/aws-command.ts';
import { realParts } from '#cloud/kit/real-parts.ts';
import { homeAccount } from '#cloud/wire/accounts.ts';
import { visitAcm } from './operations/acm.ts';
import { visitApiGateway } from './operations/api-gateway.ts';
import { visitCloudfront } from './operations/cloudfront.ts';
import { visitCloudwatch, visitedAlarm } from './operations/cloudwatch.ts';
import { visitElb } from './operations/elb.ts';
import { visitElbv2 } from './operations/elbv2.ts';
import { visitEvents } from './operations/events.ts';
import { visitedInIam, visitIam } from './operations/iam.ts';
import { echo, visitLambda } from './operations/lambda.ts';
import { visitedLine, visitLogs } from './operations/logs.ts';
import { visitRoute53 } from './operations/route53.ts';
import { visitS3 } from './operations/s3.ts';
import { visitedSchedule, visitScheduler } from './operations/scheduler.ts';
import { visitSecretsManager } from './operations/secrets-manager.ts';
import { visitSns } from './operations/sns.ts';
import { visitSqs } from './operations/sqs.ts';
import { visitSsm } from './operations/ssm.ts';
import { visitedRole, visitSts } from './operations/sts.ts';
import { visitTagging } from './operations/tagging.ts';

/** By service, the most operations first: they run side by side. */
const visits: Readonly<Record<string, (aws: AwsCommand) => Promise<void>>> = {
  s3: visitS3,
  sqs: visitSqs,
  elbv2: visitElbv2,
  secretsmanager: visitSecretsManager,
  acm: visitAcm,
  cloudfront: visitCloudfront,
  cloudwatch: visitCloudwatch,
  sns: visitSns,
  events: visitEvents,
  route53: visitRoute53,
  elb: visitElb,
  logs: visitLogs,
  iam: visitIam,
  apigateway: visitApiGateway,
  scheduler: visitScheduler,
  lambda: visitLambda,
  ssm: visitSsm,
  sts: visitSts,
  tagging: visitTagging,
};

/** The command line takes half a second to start, and more where the other tests run beside it. */
const longestMs = 180_000;

const atOnce = {
  route53InsyncMs: 0,
  balancerSpreadMs: [0],
  replicationMs: 0,
  acmListLagMs: 0,
  acmInUseByLagMs: 0,
  elbCertificateLagMs: 0,
};

describe.skipIf(realParts.aws === null)('the aws command line, given a fresh cloud', () => {
  let cloud: Cloud;
  let aws: AwsCommand;

  beforeAll(async () => {
    cloud = await startCloud({
      clock: systemClock,
      consistency: atOnce,
      acmLimits: { importsPerSecond: Number.POSITIVE_INFINITY },
    });
    cloud.lambda.functions.set(echo.arn, echo);
    cloud.lambda.runner = {
      invoke: async (_, event) => ({ ok: true, payload: event }),
      invokeLater: () => undefined,
    };
    const place = { account: homeAccount, region: 'us-east-1' };
    cloud.cloudwatch.alarms.put(place, visitedAlarm);
    cloud.logs.createLogGroup(place, visitedLine.group, 7);
    cloud.logs.write(place, visitedLine, visitedLine.line);
    cloud.scheduler.createScheduleGroup(place, 'visited');
    cloud.scheduler.createSchedule(visitedSchedule);
    cloud.roles.putRole(visitedInIam);
    cloud.iam.putRole({
      arn: visitedRole,
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::000000000000:root' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      policies: [],
    });
    aws = await awsCommand(cloud.endpoint);
  });
  afterAll(async () => {
    await aws.close();
    await cloud.close();
  });

  describe('drives', () => {
    test.concurrent.each(Object.entries(visits))('%s', (_, visit) => visit(aws), longestMs);
  });

  /** The aws command line has other names for some services. */
  const commands: Readonly<Record<string, string>> = { tagging: 'resourcegroupstaggingapi' };

  test('every operation that the cloud has', () => {
    const all = [...cloud.operations].flatMap(([service, operations]) =>
      operations.map((operation) => `${commands[service] ?? service} ${operation}`),
    );
    expect([...aws.driven].toSorted()).toEqual(all.toSorted());
  });
});
