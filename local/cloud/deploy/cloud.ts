import type { Iam } from '../iam/iam.ts';
import type { CloudWatch } from '../services/cloudwatch/service.ts';
import type { Elbv2 } from '../services/elbv2/service.ts';
import type { EventBridge } from '../services/eventbridge/service.ts';
import type { Kms } from '../services/kms.ts';
import type { Lambda } from '../services/lambda/service.ts';
import type { Logs } from '../services/logs/service.ts';
import type { ResourcePolicies } from '../services/resource-policies.ts';
import type { Roles } from '../services/roles/service.ts';
import type { S3 } from '../services/s3/service.ts';
import type { Scheduler } from '../services/scheduler/service.ts';
import type { Sns } from '../services/sns/service.ts';
import type { Sqs } from '../services/sqs/service.ts';

/** The services that deployments create resources in. */
export type DeployableCloud = {
  readonly cloudwatch: Pick<CloudWatch, 'alarms'>;
  readonly elbv2: Pick<Elbv2, 'operations'>;
  readonly events: EventBridge;
  readonly iam: Pick<Iam, 'useKey'>;
  readonly kms: Kms;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly roles: Roles;
  readonly s3: S3;
  readonly scheduler: Scheduler;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly policies: ResourcePolicies;
};
