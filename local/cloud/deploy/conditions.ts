import { intrinsicIn, resolve, type Scope } from './intrinsics.ts';
import { DeployProblem } from './problem.ts';

/** Says whether a condition of a template, or the assertion of a rule, is true. */
export function holds(condition: unknown, scope: Scope): boolean {
  if (typeof condition !== 'object' || condition === null) throw unknown(condition, scope);
  if ('Condition' in condition) return scope.condition(String(condition.Condition));
  const called = intrinsicIn(condition);
  const parts = Array.isArray(called?.argument) ? called.argument : [];
  switch (called?.name) {
    case 'Fn::Equals':
      return same(resolve(parts[0], scope), resolve(parts[1], scope));
    case 'Fn::Not':
      return !holds(parts[0], scope);
    case 'Fn::And':
      return parts.every((part) => holds(part, scope));
    case 'Fn::Or':
      return parts.some((part) => holds(part, scope));
    case 'Fn::Contains': {
      const [among, wanted] = parts.map((part) => resolve(part, scope));
      return Array.isArray(among) && among.some((each) => same(each, wanted));
    }
    default:
      throw unknown(condition, scope);
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function unknown(condition: unknown, { where }: Scope): DeployProblem {
  return new DeployProblem(
    where,
    `the local cloud does not know the condition ${JSON.stringify(condition)}`,
  );
}
