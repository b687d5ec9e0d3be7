import type { Statement } from './statement.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space: 10,240 characters of
 * inline policies per role, 6,144 per managed policy, 10 managed policies per role.
 */
export const inlineLimit = 10_240;
export const managedLimit = 6_144;
/** Two of the ten are left for people. */
export const managedCount = 8;

/** The length of a resolved token (`${Token[…]}` stands for an ARN), and of the frame of a document. */
const tokenLength = 120;
const frameLength = 60;

export type Fitted = {
  readonly inline: readonly Statement[];
  /** The statements of each managed policy. */
  readonly managed: readonly (readonly Statement[])[];
  /** Statements that no longer list their resources, since there are too many. */
  readonly widened: readonly Statement[];
};

/**
 * Fits statements into IAM's limits. Where the role has no room, lists of resources move into managed policies; where those
 * have no room either, `otherwise` replaces the longest list.
 * @throws TooManyRights where no list has an `otherwise`
 */
export function withinLimits(
  statements: readonly Statement[],
  widened: readonly Statement[] = [],
): Fitted {
  if (lengthOf(statements) <= inlineLimit) return { inline: statements, managed: [], widened };
  const lists = statements.filter(({ resources }) => resources.length > 1);
  const rest = statements.filter(({ resources }) => resources.length <= 1);
  const managed = packed(lists.flatMap(inParts));
  if (managed.length <= managedCount && lengthOf(rest) <= inlineLimit) {
    return { inline: rest, managed, widened };
  }
  const longest = statements.filter(isShorterOtherwise).sort(byLength)[0];
  if (!longest) throw new TooManyRights(statements);
  const instead = statements.map((each) => (each === longest ? widenedOf(each) : each));
  return withinLimits(instead, [...widened, longest]);
}

/** The longest list of resources has no `otherwise` to replace it. */
export class TooManyRights extends Error {
  readonly longest: Statement | undefined;

  constructor(statements: readonly Statement[]) {
    super(
      `The rights of one role do not fit into IAM's limits: ${lengthOf(statements)} characters. Split the configuration into two installations.`,
    );
    this.name = 'TooManyRights';
    this.longest = statements.toSorted(byLength)[0];
  }
}

function isShorterOtherwise(statement: Statement): boolean {
  return statement.otherwise !== undefined && byLength(statement, widenedOf(statement)) < 0;
}

function widenedOf({ otherwise, ...statement }: Statement): Statement {
  if (!otherwise) return statement;
  const { meaning: _, ...instead } = otherwise;
  return { ...statement, ...instead };
}

/** The length by IAM's count. */
export function lengthOf(statements: readonly Statement[]): number {
  return frameLength + statements.reduce((sum, statement) => sum + statementLength(statement), 0);
}

function statementLength(statement: Statement): number {
  const { sid: Sid, actions: Action, resources: Resource, conditions: Condition } = statement;
  const text = JSON.stringify({ Sid, Effect: 'Allow', Action, Resource, Condition });
  return 1 + text.replace(/\$\{Token\[[^\]]+\]\}/g, 'x'.repeat(tokenLength)).length;
}

function byLength(one: Statement, other: Statement): number {
  return statementLength(other) - statementLength(one);
}

/** Splits a statement into the fewest equal parts that fit into a managed policy. */
function inParts(statement: Statement): readonly Statement[] {
  const { resources, sid } = statement;
  for (let count = 1; count < resources.length; count += 1) {
    const size = Math.ceil(resources.length / count);
    const parts = Array.from({ length: count }, (_, index) => ({
      ...statement,
      sid: count === 1 ? sid : `${sid}Part${index + 1}`,
      resources: resources.slice(index * size, (index + 1) * size),
    })).filter((part) => part.resources.length > 0);
    if (parts.every((part) => lengthOf([part]) <= managedLimit)) return parts;
  }
  return [statement];
}

/** First fit: puts each part into the first policy that has room. */
function packed(parts: readonly Statement[]): readonly (readonly Statement[])[] {
  const policies: Statement[][] = [];
  for (const part of parts) {
    const policy = policies.find((open) => lengthOf([...open, part]) <= managedLimit);
    if (policy) policy.push(part);
    else policies.push([part]);
  }
  return policies;
}
