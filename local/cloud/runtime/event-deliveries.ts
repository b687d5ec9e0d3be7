import type { FunctionRights } from '../iam/function-rights.ts';
import type { Delivery } from '../services/eventbridge/state.ts';
import { targetService } from '../services/eventbridge/targets.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { DeadLetters } from './dead-letters.ts';

/** Passes a matched event to the rule's function, if the function lets EventBridge invoke it for that rule. */
export function eventDeliveries(options: {
  readonly rights: FunctionRights;
  readonly functionAt: (arn: string) => DeployedFunction | undefined;
  readonly invoke: (deployed: DeployedFunction, event: unknown) => void;
  readonly deadLetters: DeadLetters;
  readonly onProblem: (problem: string) => void;
}): (delivery: Delivery) => Promise<void> {
  async function obstacleTo(deployed: DeployedFunction | undefined, ruleArn: string) {
    if (!deployed) return 'it does not exist';
    const missing = await options.rights.missingToInvokeByRule(ruleArn, deployed.arn);
    return missing.length > 0 ? `it does not allow the rule ${missing.join(', ')}` : null;
  }

  return async ({ ruleArn, target, event }) => {
    if (targetService(target.Arn) !== 'lambda') return;
    const deployed = options.functionAt(target.Arn ?? '');
    const obstacle = await obstacleTo(deployed, ruleArn);
    if (deployed && obstacle === null) {
      options.invoke(deployed, event);
      return;
    }
    // EventBridge does not retry "Errors … because of missing permissions to the target, or a target that no longer exists"
    // (EventBridge User Guide, "Using dead-letter queues").
    const why = `${ruleArn}: ${target.Arn} is not invoked: ${obstacle}`;
    const queueArn = target.DeadLetterConfig?.Arn;
    if (!queueArn) options.onProblem(`${why}, and an event is lost`);
    else await options.deadLetters.send({ queueArn, by: { rule: ruleArn }, body: event, why });
  };
}
