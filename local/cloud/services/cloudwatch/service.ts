import * as module from '@aws-sdk/client-cloudwatch';
import { type Clock, everyMinute } from '../../clock.ts';
import { AwsError, ask, type Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Alarm } from './alarm.ts';
import { type Alarms, alarms } from './alarms.ts';
import { describeAlarmHistory, describeAlarms, setAlarmState } from './describe-alarms.ts';
import { type Metrics, metrics } from './metrics.ts';
import { messageOf, subjectOf, type Transition } from './notification.ts';
import { putMetricData } from './put-metric-data.ts';
import { queueGauges } from './queue-gauges.ts';
import { getMetricData, getMetricStatistics, listMetrics } from './read-metrics.ts';

export type CloudWatch = {
  readonly operations: Operations;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  /** Resolves when everything that alarms had to tell has reached its topic, or was refused. */
  told(): Promise<void>;
  /** Evaluates no alarm from now on. */
  close(): void;
};

export type CloudWatchOptions = {
  readonly clock: Clock;
  readonly queues: () => Iterable<Queue>;
  readonly sns: { readonly operations: Operations };
  /** What CloudWatch lacks to tell the topic on behalf of the alarm. */
  readonly missingToPublish: (alarm: Alarm, topicArn: string) => Promise<readonly string[]>;
  /** False where nothing is to be evaluated, since the clock jumps over what would happen in an installation. */
  readonly ticks: boolean;
};

/** CloudWatch: metrics, and alarms that are evaluated at every whole minute of the clock, whatever runs or does not. */
export function cloudwatch(options: CloudWatchOptions): CloudWatch {
  const { clock } = options;
  const known = metrics();
  let telling = Promise.resolve();
  const watching = alarms({
    metrics: known,
    now: clock.now,
    onAction(alarm, transition, action) {
      telling = telling.then(() => tell(alarm, transition, action));
    },
  });
  const measureQueues = queueGauges({ queues: options.queues, metrics: known });
  const stop = options.ticks ? everyMinute(clock, tick) : () => undefined;

  function tick(at: Date): void {
    measureQueues(at);
    watching.evaluate(at);
  }

  /** A failure is only seen in the history: "CloudWatch doesn't test or validate the actions that you specify". */
  async function tell(alarm: Alarm, transition: Transition, topicArn: string): Promise<void> {
    const obstacle = await obstacleTo(alarm, transition, topicArn);
    const { account, name: alarmName, region } = alarm;
    const done = obstacle === null ? 'Successfully executed' : 'Failed to execute';
    watching.remember({
      account,
      region,
      alarmName,
      at: clock.now(),
      type: 'Action',
      summary: `${done} action ${topicArn}`,
      data: {
        actionState: obstacle === null ? 'Succeeded' : 'Failed',
        stateUpdateTimestamp: transition.at.getTime(),
        notificationResource: topicArn,
        ...(obstacle !== null && { error: obstacle }),
      },
    });
  }

  async function obstacleTo(
    alarm: Alarm,
    transition: Transition,
    TopicArn: string,
  ): Promise<string | null> {
    const missing = await options.missingToPublish(alarm, TopicArn);
    if (missing.length > 0) return `CloudWatch lacks ${missing.join(', ')}`;
    const { account, region } = alarm;
    const call = { account, region, accessKeyId: 'cloudwatch' };
    const Subject = subjectOf(alarm, transition);
    try {
      ask(
        options.sns,
        'Publish',
        { TopicArn, Subject, Message: messageOf(alarm, transition) },
        call,
      );
      return null;
    } catch (error) {
      if (error instanceof AwsError) return error.message;
      throw error;
    }
  }

  return {
    operations: {
      PutMetricData: (input, call) => putMetricData(known, clock, input, call),
      ListMetrics: (input, call) => listMetrics(known, input, call),
      GetMetricData: (input, call) => getMetricData(known, input, call),
      GetMetricStatistics: (input, call) => getMetricStatistics(known, input, call),
      DescribeAlarms: (input, call) => describeAlarms(watching, input, call),
      DescribeAlarmHistory: (input, call) => describeAlarmHistory(watching, input, call),
      SetAlarmState: (input, call) => setAlarmState(watching, input, call),
    },
    metrics: known,
    alarms: watching,
    told: () => telling,
    close: stop,
  };
}

export function cloudwatchService({ operations }: CloudWatch): RunningService {
  return serviceOf('cloudwatch', module, module.CloudWatchClient, operations);
}
