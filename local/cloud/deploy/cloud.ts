import type { Iam } from '../iam/iam.ts';
import type { CloudWatch } from '../services/cloudwatch.ts';
import type { Elbv2State } from '../services/elbv2.ts';
import type { EventBridgeState } from '../services/eventbridge.ts';
import type { Kms } from '../services/kms.ts';
import type { Lambda } from '../services/lambda.ts';
import type { Logs } from '../services/logs.ts';
import type { ResourcePolicies } from '../services/resource-policies.ts';
import type { Roles } from '../services/roles.ts';
import type { S3 } from '../services/s3.ts';
import type { Scheduler } from '../services/scheduler.ts';
import type { Sns } from '../services/sns.ts';
import type { SqsState } from '../services/sqs.ts';

/** The services that deployments create resources in. */
export type DeployableCloud = {
  readonly cloudwatch: Pick<CloudWatch, 'alarms'>;
  readonly elbv2: Pick<Elbv2State, 'operations'>;
  readonly events: EventBridgeState;
  readonly iam: Pick<Iam, 'useKey'>;
  readonly kms: Kms;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly roles: Roles;
  readonly s3: S3;
  readonly scheduler: Scheduler;
  readonly sns: Sns;
  readonly sqs: SqsState;
  readonly policies: ResourcePolicies;
};
