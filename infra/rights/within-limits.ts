import type { Statement } from './statement.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, without white space: 10,240
 * characters of inline policies a role, 6,144 a managed policy, 10 managed policies a role.
 */
export const inlineLimit = 10_240;
export const managedLimit = 6_144;
/** Two of ten are left for people. */
export const managedCount = 8;

/** Room for what a token becomes (`${Token[…]}` stands for an ARN), and for the frame of a document. */
const tokenLength = 120;
const frameLength = 60;

export type Fitted = {
  readonly inline: readonly Statement[];
  /** One list a managed policy. */
  readonly managed: readonly (readonly Statement[])[];
  /** Statements that no longer list their resources, since they are too many. */
  readonly widened: readonly Statement[];
};

/**
 * Statements within IAM's limits. Where they do not fit into the role, lists of resources move into managed
 * policies; where they do not fit there either, the longest list gives way to what stands in for it.
 * @throws TooManyRights where no list is left that could
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

/** The list that takes most room has nothing that could stand in for it. */
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

/** As IAM counts it. */
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

/** As few parts of the same length as fit into managed policies. */
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

/** First fit: each part into the first policy that has room. */
function packed(parts: readonly Statement[]): readonly (readonly Statement[])[] {
  const policies: Statement[][] = [];
  for (const part of parts) {
    const policy = policies.find((open) => lengthOf([...open, part]) <= managedLimit);
    if (policy) policy.push(part);
    else policies.push([part]);
  }
  return policies;
}
