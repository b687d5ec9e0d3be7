import type { DeployedFunction } from '../services/lambda/state.ts';
import { arnOf } from '../wire/arn.ts';

/** A service of AWS that acts because of something that was deployed, as resource policies see it. */
export type ActingService = {
  /** `events.amazonaws.com` */
  readonly service: string;
  /** The rule, schedule or group for which it acts. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
};

/** What AWS's own services ask before they act in the name of a role, or on a resource that is not theirs. */
export type Rights = {
  /** In the name of a role: by its policies, and those of the resource. */
  roleMay(roleArn: string, action: string, resourceArn: string): Promise<boolean>;
  /** In its own name: by the policy of the resource alone. */
  serviceMay(by: ActingService, action: string, resourceArn: string): Promise<boolean>;
  /** Whether the role's trust lets the service take it on. */
  mayAssume(roleArn: string, by: ActingService): Promise<boolean>;
};

/** Where no policies are evaluated. */
export const everyRight: Rights = {
  roleMay: async () => true,
  serviceMay: async () => true,
  mayAssume: async () => true,
};

/** Lambda reads a queue with the role of the function (Lambda User Guide, "Execution role permissions" of SQS). */
export async function mayPoll(
  rights: Rights,
  { roleArn }: DeployedFunction,
  queueArn: string,
): Promise<boolean> {
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    if (!(await rights.roleMay(roleArn, `sqs:${action}`, queueArn))) return false;
  }
  return true;
}

/** What a function prints reaches its log group by the rights of its own role. */
export async function mayLog(rights: Rights, deployed: DeployedFunction): Promise<boolean> {
  const stream = arnOf('logs', deployed, `log-group:${deployed.logGroup}:log-stream:*`);
  for (const action of ['CreateLogStream', 'PutLogEvents']) {
    if (!(await rights.roleMay(deployed.roleArn, `logs:${action}`, stream))) return false;
  }
  return true;
}
