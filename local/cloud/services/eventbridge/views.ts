import type { Bus, Rule } from './state.ts';

export function describedRule(rule: Rule, bus: Bus) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.patternText,
    State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    Description: rule.description,
    EventBusName: bus.name,
  };
}
