import type { IncomingMessage } from 'node:http';
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { notImplemented } from '../not-implemented.ts';
import { validationError } from './state.ts';

/**
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html and
 * load-balancer-limits.html there: five values and six wildcards per rule.
 */
const mostValues = 5;
const mostWildcards = 6;

const fields: Readonly<Record<string, { readonly pattern: RegExp; readonly what: string }>> = {
  // Only letters may follow the final dot.
  'host-header': { pattern: /^(?=.{1,128}$)[\w.*?-]*\.[A-Za-z*?]+$/, what: 'host name' },
  'path-pattern': { pattern: /^[\w.$/~"'@:+;&*?-]{1,128}$/, what: 'path pattern' },
};

export function checkConditions(conditions: readonly RuleCondition[] | undefined): void {
  if (!conditions?.length) throw validationError('A condition must be specified');
  const seen = new Set<string>();
  for (const condition of conditions) {
    const name = condition.Field ?? '';
    const field = fields[name];
    if (!field) throw notImplemented('CreateRule', `a condition on ${name}`);
    if (seen.has(name)) throw validationError(`A rule can only have one '${name}' condition`);
    seen.add(name);
    const values = valuesOf(condition);
    if (values.length === 0) throw validationError('A condition value must be specified');
    const wrong = values.find((value) => !field.pattern.test(value));
    if (wrong !== undefined) throw validationError(`The ${field.what} '${wrong}' is not valid`);
  }
  const all = conditions.flatMap(valuesOf);
  const wildcards = all.join('').replace(/[^*?]/g, '').length;
  if (all.length > mostValues || wildcards > mostWildcards) {
    throw validationError('Rule has too many condition values or wildcards');
  }
}

export function matches(conditions: readonly RuleCondition[], request: IncomingMessage): boolean {
  return conditions.every((condition) => {
    const isHost = condition.Field === 'host-header';
    const asked = isHost ? hostOf(request) : pathOf(request);
    // Host names are compared without case, paths with case.
    return valuesOf(condition).some((value) => wildcard(value, isHost ? 'i' : '').test(asked));
  });
}

export function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

export function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/\?.*$/s, '');
}

function valuesOf(condition: RuleCondition): readonly string[] {
  const { HostHeaderConfig, PathPatternConfig, Values } = condition;
  return HostHeaderConfig?.Values ?? PathPatternConfig?.Values ?? Values ?? [];
}

function wildcard(value: string, flags: string): RegExp {
  const source = value
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, flags);
}
