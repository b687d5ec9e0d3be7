import { arnOf } from '../wire/arn.ts';
import type { Place } from '../wire/place.ts';
import type { Context } from './authorizations/requests.ts';
import { queueUse } from './authorizations/sqs.ts';
import type { Iam } from './iam.ts';

/** The rights that AWS checks when it acts for a function. Each answer lists the missing actions. */
export type FunctionRights = {
  /** For Lambda's poller with the function's role: sqs-configure-lambda-function-trigger.html. */
  missingToPoll(role: string, queueArn: string): Promise<readonly string[]>;
  /** For the runtime's log lines with the function's role, in an existing group. */
  missingToLog(role: string, logGroupArn: string, stream: string): Promise<readonly string[]>;
  /** For a dead event or a failed schedule, with the role of the function or the schedule. */
  missingToSend(role: string, queueArn: string): Promise<readonly string[]>;
  /** For a rule of an event bus, which acts as EventBridge: the function's policy decides. */
  missingToInvokeByRule(ruleArn: string, functionArn: string): Promise<readonly string[]>;
  /** For a target group, which acts as the load balancer: the function's policy decides. */
  missingToInvokeByGroup(groupArn: string, functionArn: string): Promise<readonly string[]>;
  /** For an event that a rule could not deliver, as EventBridge: the queue's policy decides. */
  missingToSendByRule(ruleArn: string, queueArn: string): Promise<readonly string[]>;
  /** Scheduler assumes the schedule's role, which must trust it for the group, and invokes with that role. */
  missingToInvokeBySchedule(schedule: {
    readonly role: string;
    readonly groupArn: string;
    readonly functionArn: string;
  }): Promise<readonly string[]>;
  /** Lambda itself must be able to assume the role, which CreateFunction checks. */
  missingToRun(role: string): Promise<readonly string[]>;
  /** For a function with a network of its own, whose interfaces Lambda makes with its role: configuration-vpc.html. */
  missingToAttach(role: string, place: Place): Promise<readonly string[]>;
};

type Asked = { readonly action: string; readonly resource: string; readonly context?: Context };

export function functionRights(iam: Pick<Iam, 'isAllowed' | 'encryptionOf'>): FunctionRights {
  async function missing(principal: string, asked: readonly Asked[]): Promise<readonly string[]> {
    const lacking: string[] = [];
    for (const { action, resource, context = {} } of asked) {
      if (!(await iam.isAllowed({ principal, action, resource, context }))) lacking.push(action);
    }
    return lacking;
  }

  const queueRights = (queueArn: string, actions: readonly string[]) => {
    const [, , , region = '', account = ''] = queueArn.split(':');
    return actions.flatMap((action) => queueUse(action, queueArn, { region, account }, iam));
  };

  return {
    missingToPoll: (role, queueArn) => missing(role, queueRights(queueArn, polling)),
    missingToLog(role, logGroupArn, stream) {
      const resource = `${logGroupArn}:log-stream:${stream}`;
      return missing(
        role,
        ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource })),
      );
    },
    missingToSend: (role, queueArn) => missing(role, queueRights(queueArn, ['sqs:SendMessage'])),
    missingToInvokeByRule(ruleArn, functionArn) {
      const action = 'lambda:InvokeFunction';
      const asked = { action, resource: functionArn, context: sourceOf(ruleArn) };
      return missing('events.amazonaws.com', [asked]);
    },
    missingToInvokeByGroup(groupArn, functionArn) {
      const action = 'lambda:InvokeFunction';
      const asked = { action, resource: functionArn, context: sourceOf(groupArn) };
      return missing('elasticloadbalancing.amazonaws.com', [asked]);
    },
    missingToSendByRule(ruleArn, queueArn) {
      const context = sourceOf(ruleArn);
      const asked = queueRights(queueArn, ['sqs:SendMessage']);
      return missing(
        'events.amazonaws.com',
        asked.map((each) => ({ ...each, context: { ...each.context, ...context } })),
      );
    },
    async missingToInvokeBySchedule({ role, groupArn, functionArn }) {
      const trust = { action: 'sts:AssumeRole', resource: role, context: sourceOf(groupArn) };
      const untrusted = await missing('scheduler.amazonaws.com', [trust]);
      const invoke = { action: 'lambda:InvokeFunction', resource: functionArn };
      return [...untrusted, ...(await missing(role, [invoke]))];
    },
    missingToRun: (role) =>
      missing('lambda.amazonaws.com', [{ action: 'sts:AssumeRole', resource: role }]),
    missingToAttach(role, place) {
      const anInterface = arnOf('ec2', place, 'network-interface/eni-00000000000000000');
      return missing(
        role,
        attaching.map((action) => ({
          action,
          resource: action.startsWith('ec2:Describe') ? '*' : anInterface,
        })),
      );
    },
  };
}

const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** The actions of AWSLambdaVPCAccessExecutionRole. */
const attaching = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** The source on whose behalf a service acts, against confused deputies. */
function sourceOf(arn: string): Context {
  return { 'aws:SourceArn': arn, 'aws:SourceAccount': arn.split(':')[4] ?? '' };
}
