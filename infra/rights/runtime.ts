import type { FunctionName } from '#functions/names.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import { queueNames } from '../names.ts';
import { stagesOf } from './function-stages.ts';

const queue = 'arn:{partition}:sqs:{region}:{account}:{installation}';

/** What Lambda itself does with the role of a function. */
export function runtimePermissions(name: FunctionName): readonly Permission[] {
  const stages = stagesOf[name];
  return [
    {
      sid: 'WriteLogs',
      stages,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [
        `arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/{installation}-${name}:*`,
      ],
      reason: 'Lambda names the streams of a group as it starts containers.',
    },
    ...(takesWork(name) ? [takeWork(name)] : []),
    keepFailedEvents(name),
  ];
}

function takesWork(name: FunctionName): boolean {
  return queueNames.some((queueName) => queueName === name);
}

function takeWork(name: FunctionName): Permission {
  return {
    sid: 'TakeWork',
    stages: stagesOf[name],
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [`${queue}-${name}.fifo`],
    reason: 'Lambda polls the queue with the role of the function.',
  };
}

/** Schedules, events and urgent work come without a queue, which would keep them. */
function keepFailedEvents(name: FunctionName): Permission {
  return {
    sid: 'KeepFailedEvents',
    stages: stagesOf[name],
    actions: ['sqs:SendMessage'],
    resources: [`${queue}-dead-events`],
    reason: 'What failed three times is kept where an alarm sees it.',
  };
}
