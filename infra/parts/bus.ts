import { CfnResource, Duration } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionName } from '#functions/names.ts';
import { eventSource } from '#shared/work.ts';
import type { Names } from '../names.ts';
import type { Functions } from './functions.ts';

/** Who puts events on the bus: the functions that write records with an outbox. */
export const publishers = ['check', 'issue', 'deploy', 'verify'] as const satisfies FunctionName[];

/** What happens once told matters for a day; the ledger keeps it. */
const longestAge = Duration.hours(6);

/** Only our roles write to it: an event makes people act. */
export function createBus(
  scope: Construct,
  names: Names,
  roleArn: (name: FunctionName) => string,
): EventBus {
  const bus = new EventBus(scope, 'Bus', { eventBusName: names.bus });
  const statement = new PolicyStatement({
    sid: 'OnlyOurRoles',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['events:PutEvents'],
    resources: [bus.eventBusArn],
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': publishers.map(roleArn) } },
  });
  // CfnEventBusPolicy warns of a deprecated property of its own at every synth.
  new CfnResource(scope, 'BusPolicy', {
    type: 'AWS::Events::EventBusPolicy',
    properties: {
      EventBusName: bus.eventBusName,
      StatementId: 'OnlyOurRoles',
      Statement: statement.toStatementJson(),
    },
  });
  return bus;
}

/** Sync copies what was issued; alert tells people everything. */
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
      description: 'What was issued is copied to the other regions.',
      eventPattern: { source: [eventSource], detailType: ['issued'] },
      targets: [target(sync)],
    }),
    new Rule(scope, 'AlertEverything', {
      eventBus: bus,
      description: 'Every event is told to people.',
      eventPattern: { source: [eventSource] },
      targets: [target(alert)],
    }),
  ];
}
