import { AwsError } from '../../wire/service.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import { acmReference, acmTable } from './acm.ts';
import { apiGatewayTable } from './api-gateway.ts';
import { cloudfrontReference, cloudfrontTable } from './cloudfront.ts';
import { cloudwatchTable } from './cloudwatch.ts';
import { elbReference, elbTable } from './elb.ts';
import { elbv2Reference, elbv2Table } from './elbv2.ts';
import { eventsReference, eventsTable } from './events.ts';
import { iamTable } from './iam.ts';
import { lambdaReference } from './lambda.ts';
import { logsTable } from './logs.ts';
import { type Reference, rowByReference } from './reference.ts';
import type { AccessRequest, Table } from './requests.ts';
import { route53Reference } from './route53.ts';
import { s3Table } from './s3.ts';
import { schedulerTable } from './scheduler.ts';
import { secretsManagerTable } from './secrets-manager.ts';
import { snsReference, snsTable } from './sns.ts';
import { sqsReference, sqsTable } from './sqs.ts';
import { ssmReference, ssmTable } from './ssm.ts';
import { stsTable } from './sts.ts';

/** The rows that the reference does not tell: more than one right, or a look at what is there. By the service's id. */
const tables: Readonly<Record<string, Table>> = {
  acm: acmTable,
  apigateway: apiGatewayTable,
  cloudfront: cloudfrontTable,
  cloudwatch: cloudwatchTable,
  elb: elbTable,
  elbv2: elbv2Table,
  events: eventsTable,
  iam: iamTable,
  logs: logsTable,
  s3: s3Table,
  scheduler: schedulerTable,
  secretsmanager: secretsManagerTable,
  sns: snsTable,
  sqs: sqsTable,
  ssm: ssmTable,
  sts: stsTable,
};

/** Where all other operations of a service get their rows from. */
const references: Readonly<Record<string, Reference>> = {
  acm: acmReference,
  cloudfront: cloudfrontReference,
  elb: elbReference,
  elbv2: elbv2Reference,
  events: eventsReference,
  lambda: lambdaReference,
  route53: route53Reference,
  sns: snsReference,
  sqs: sqsReference,
  ssm: ssmReference,
  tagging: { service: 'tag' },
};

/** Throws for an operation without a row. */
export async function requestsOf(
  call: { readonly service: string; readonly operation: string; readonly input: unknown } & Asker,
  resources: Resources,
): Promise<readonly AccessRequest[]> {
  const { service, operation, input, region, account } = call;
  const row =
    tables[service]?.[operation] ?? (await rowByReference(references[service], operation));
  if (row) return row(input, { region, account }, resources);
  throw new AwsError(
    'NotImplemented',
    `local: nobody has written down which rights ${service} ${operation} needs`,
    501,
  );
}
