import { homeAccount } from '#local/wire/accounts.ts';
import type { Call } from '#local/wire/service.ts';
import type { EventBridgeState } from '../services/eventbridge.ts';
import { functionArn } from './function-arn.ts';
import type { Wiring } from './wiring-types.ts';

/** Puts the wiring's rules on their buses and passes what they match to the functions. */
export function installEventRules(options: {
  readonly wiring: Wiring;
  readonly events: EventBridgeState;
  readonly region: string;
  readonly invoke: (functionName: string, event: unknown) => void;
}): void {
  const { events, region, wiring } = options;
  const call: Call = { region, account: homeAccount, accessKeyId: 'wiring' };
  // All functions, since a person may add rules of their own.
  const functionsByArn = new Map(
    wiring.functions.map(({ name }) => [functionArn(region, name), name]),
  );
  for (const [index, rule] of wiring.eventRules.entries()) {
    const arn = functionArn(region, rule.function);
    const name = `${rule.function}-${index + 1}`;
    const on = { EventBusName: rule.bus };
    events.operations.PutRule?.(
      { ...on, Name: name, EventPattern: JSON.stringify(rule.pattern) },
      call,
    );
    events.operations.PutTargets?.(
      { ...on, Rule: name, Targets: [{ Id: rule.function, Arn: arn }] },
      call,
    );
  }
  events.onDelivery((targetArn, event) => {
    const functionName = functionsByArn.get(targetArn);
    if (functionName) options.invoke(functionName, event);
  });
}
