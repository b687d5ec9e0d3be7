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
  /** The ids of statements that ask for a tag, since their resources are too many to be listed. */
  readonly byTag: readonly string[];
};

/**
 * Statements within IAM's limits. Where they do not fit into the role, lists of resources move into managed
 * policies; where they do not fit there either, the longest list that can be told by a tag is.
 * @throws Error where nothing more can be told by a tag
 */
export function withinLimits(
  statements: readonly Statement[],
  byTag: readonly string[] = [],
): Fitted {
  if (lengthOf(statements) <= inlineLimit) return { inline: statements, managed: [], byTag };
  const lists = statements.filter(({ resources }) => resources.length > 1);
  const rest = statements.filter(({ resources }) => resources.length <= 1);
  const managed = packed(lists.flatMap(inParts));
  if (managed.length <= managedCount && lengthOf(rest) <= inlineLimit) {
    return { inline: rest, managed, byTag };
  }
  const longest = lists.filter(({ byTag }) => byTag).sort(byLength)[0];
  if (!longest) {
    throw new Error(
      `The rights of one role do not fit into IAM's limits: ${lengthOf(statements)} characters. Split the configuration into two installations.`,
    );
  }
  const told = statements.map((statement) =>
    statement === longest ? tagged(statement) : statement,
  );
  return withinLimits(told, [...byTag, longest.sid]);
}

function tagged({ byTag, ...statement }: Statement): Statement {
  return byTag ? { ...statement, ...byTag } : statement;
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

/** Halves until each part fits into a managed policy. */
function inParts(statement: Statement): readonly Statement[] {
  const { resources, sid } = statement;
  if (lengthOf([statement]) <= managedLimit || resources.length < 2) return [statement];
  const middle = Math.ceil(resources.length / 2);
  return [
    { ...statement, sid: `${sid}A`, resources: resources.slice(0, middle) },
    { ...statement, sid: `${sid}B`, resources: resources.slice(middle) },
  ].flatMap(inParts);
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
