import {
  type FunctionName,
  permissionNames as names,
  type QueueName,
  queueNames,
} from '#shared/installation.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { stagesOf } from './function-stages.ts';

const queues = 'arn:{partition}:sqs:{region}:{account}:';

/** The rights that Lambda itself uses in a function's role. */
export function runtimePermissions(name: FunctionName, hasTurns: boolean): readonly Permission[] {
  const stages = stagesOf[name];
  return [
    {
      sid: 'WriteLogs',
      stages,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`arn:{partition}:logs:{region}:{account}:log-group:${names.logGroup(name)}:*`],
      reason: 'Lambda names the streams of a group as it starts containers.',
    },
    ...queueNames.filter((queue) => queue === name).map(takeWork),
    ...(hasTurns && name === 'deploy' ? comeAgain : []),
    keepFailedEvents(name),
  ];
}

function takeWork(name: QueueName): Permission {
  return {
    sid: 'TakeWork',
    stages: stagesOf[name],
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [`${queues}${names.queue(name)}`],
    reason: 'Lambda polls the queue with the role of the function.',
  };
}

/** Deploys that wait for their turn. */
const comeAgain: readonly Permission[] = [
  {
    sid: 'TakeLaterWork',
    stages: stagesOf.deploy,
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [`${queues}${names.laterQueue}`],
    reason: 'Lambda polls the queue with the role of the function.',
  },
  {
    sid: 'ComeAgain',
    stages: stagesOf.deploy,
    actions: ['sqs:SendMessage'],
    resources: [`${queues}${names.laterQueue}`],
    reason:
      'A change that waits for its turn comes again at its time, so that no run waits for it.',
  },
];

/** No queue keeps schedules, events and urgent work, so Lambda sends failed ones to the dead events. */
function keepFailedEvents(name: FunctionName): Permission {
  return {
    sid: 'KeepFailedEvents',
    stages: stagesOf[name],
    actions: ['sqs:SendMessage'],
    resources: [`${queues}${names.deadEvents}`],
    reason: 'Work that failed three times is kept where an alarm sees it.',
  };
}

const inside = names.function('inside');

/**
 * The rights with which Lambda runs a function in a network of the user, those of AWSLambdaVPCAccessExecutionRole
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). Lambda uses them itself: calls of the function's own
 * code carry `lambda:SourceFunctionArn`, and are not allowed.
 */
export const attachPermissions: readonly Permission[] = [
  {
    sid: 'WriteLogs',
    stages: stagesOf.verify,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`arn:{partition}:logs:{region}:{account}:log-group:${names.logGroup('inside')}:*`],
    reason: 'Lambda names the streams of a group as it starts containers.',
  },
  {
    sid: 'AttachToNetwork',
    stages: stagesOf.verify,
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
    conditions: {
      ArnNotEquals: {
        'lambda:SourceFunctionArn': `arn:{partition}:lambda:{region}:{account}:function:${inside}`,
      },
    },
    reason:
      'Lambda makes the network interfaces of the function, whose ids nobody knows before, and needs this on all resources. Its own code cannot use it.',
  },
];
