import { AwsError } from '../../wire/service.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import { acmTable } from './acm.ts';
import { cloudwatchTable } from './cloudwatch.ts';
import { elbTable } from './elb.ts';
import { elbv2Table } from './elbv2.ts';
import { eventsTable } from './events.ts';
import { iamTable } from './iam.ts';
import { lambdaTable } from './lambda.ts';
import { logsTable } from './logs.ts';
import type { AccessRequest, Table } from './requests.ts';
import { route53Table } from './route53.ts';
import { s3Table } from './s3.ts';
import { schedulerTable } from './scheduler.ts';
import { secretsManagerTable } from './secrets-manager.ts';
import { snsTable } from './sns.ts';
import { sqsTable } from './sqs.ts';
import { ssmTable } from './ssm.ts';
import { stsTable } from './sts.ts';

/** The table of each service, by its id in this cloud. Every operation of the cloud must have a row. */
export const tables: Readonly<Record<string, Table>> = {
  acm: acmTable,
  cloudwatch: cloudwatchTable,
  elb: elbTable,
  elbv2: elbv2Table,
  events: eventsTable,
  iam: iamTable,
  lambda: lambdaTable,
  logs: logsTable,
  route53: route53Table,
  s3: s3Table,
  scheduler: schedulerTable,
  secretsmanager: secretsManagerTable,
  sns: snsTable,
  sqs: sqsTable,
  ssm: ssmTable,
  sts: stsTable,
};

/** Throws for an operation without a row. */
export function requestsOf(
  call: { readonly service: string; readonly operation: string; readonly input: unknown } & Asker,
  resources: Resources,
): readonly AccessRequest[] {
  const row = tables[call.service]?.[call.operation];
  if (!row) {
    throw new AwsError(
      'NotImplemented',
      `local: nobody has written down which rights ${call.service} ${call.operation} needs`,
      501,
    );
  }
  return row(call.input, { region: call.region, account: call.account }, resources);
}
