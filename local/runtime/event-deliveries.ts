import type { Delivery } from '../services/eventbridge.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { ActingService, Rights } from './rights.ts';

/** Passes what a rule matched to its function, if the function lets EventBridge invoke it for that rule. */
export function eventDeliveries(options: {
  readonly rights: Rights;
  readonly functionAt: (arn: string) => DeployedFunction | undefined;
  readonly invoke: (deployed: DeployedFunction, event: unknown) => void;
  readonly deadLetters: DeadLetters;
  readonly onProblem: (problem: string) => void;
}): (delivery: Delivery) => Promise<void> {
  return async ({ ruleArn, target, event }) => {
    const arn = target.Arn ?? '';
    const by = actingFor('events.amazonaws.com', ruleArn);
    const deployed = options.functionAt(arn);
    if (deployed && (await options.rights.serviceMay(by, 'lambda:InvokeFunction', arn))) {
      options.invoke(deployed, event);
      return;
    }
    // "Errors … because of missing permissions to the target, or a target that no longer exists" are not
    // tried again (EventBridge User Guide, "Using dead-letter queues").
    const obstacle = deployed ? 'does not let EventBridge invoke it' : 'does not exist';
    const why = `${ruleArn}: ${arn} ${obstacle}`;
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn) await options.deadLetters.send({ queueArn, by, body: event, why });
    else options.onProblem(`${why}, and an event is lost`);
  };
}

export function actingFor(service: string, sourceArn: string): ActingService {
  const [, , , , sourceAccount = ''] = sourceArn.split(':');
  return { service, sourceArn, sourceAccount };
}
