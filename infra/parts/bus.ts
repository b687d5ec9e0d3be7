import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { ResourceNames } from '#shared/installation.ts';
import { eventSource } from '#shared/ledger/outbox/event-bus.ts';
import type { Functions } from './functions.ts';

/** An event is news for a day; the ledger keeps it. */
const longestAge = Duration.hours(6);

/**
 * The bus has no policy of its own. Another account could write to it only if a policy allowed it, and in this account
 * everybody with events:PutEvents may. AWS documents policies that allow, but none of this type that denies
 * (AWS::Events::EventBusPolicy), and an event that nobody believes needs none.
 */
export function createBus(scope: Construct, names: ResourceNames): EventBus {
  return new EventBus(scope, 'Bus', { eventBusName: names.bus });
}

/** Sync copies issued certificates; alert looks after each check whether people have to be told of anything. */
export function createRules(
  scope: Construct,
  bus: EventBus,
  { sync, alert }: Functions,
  deadLetterQueue: IQueue,
): readonly Rule[] {
  const target = (fn: typeof alert) =>
    new LambdaTarget(fn, { deadLetterQueue, maxEventAge: longestAge });
  return [
    new Rule(scope, 'SyncIssued', {
      eventBus: bus,
      description: 'Copies issued certificates to the other regions.',
      eventPattern: { source: [eventSource], detailType: ['issued'] },
      targets: [target(sync)],
    }),
    new Rule(scope, 'AlertChecked', {
      eventBus: bus,
      description: 'Tells people what has changed, after each check.',
      eventPattern: { source: [eventSource], detailType: ['checked'] },
      targets: [target(alert)],
    }),
  ];
}
