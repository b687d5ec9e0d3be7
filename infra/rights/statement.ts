import type { Conditions, Otherwise, Permission } from '#shared/schema/plugin.ts';

/** An IAM statement that allows something, without placeholders. */
export type Statement = {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  readonly reason: string;
  readonly otherwise?: Otherwise;
};

/** The values of placeholders. Several values make several resources. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** Fills in the placeholders; null where there is nothing to allow. @throws Error that names an unknown placeholder */
export function filled(permission: Permission, values: Values): Statement | null {
  const { sid, actions, reason, otherwise, needs } = permission;
  if (needs && values[needs]?.length === 0) return null;
  const fill = (texts: readonly string[]) => texts.flatMap((text) => expanded(text, values, sid));
  const resources = fill(permission.resources);
  if (resources.length === 0) return null;
  const conditions = filledConditions(withOwner(permission), fill);
  return {
    sid,
    actions,
    resources,
    reason,
    ...conditions,
    ...(otherwise && {
      otherwise: {
        ...otherwise,
        resources: fill(otherwise.resources),
        ...filledConditions(otherwise.conditions, fill),
      },
    }),
  };
}

/** Requires that our account owns the bucket: its ARN does not say so, and after a deletion anybody may create one of that name. */
function withOwner({ actions, conditions }: Permission): Conditions | undefined {
  if (!actions.every((action) => action.startsWith('s3:'))) return conditions;
  const ofUs = { 'aws:ResourceAccount': '{account}' };
  return { ...conditions, StringEquals: { ...conditions?.StringEquals, ...ofUs } };
}

/** Merges statements of one id that differ only in their resources. */
export function merged(statements: readonly Statement[]): readonly Statement[] {
  const byKind = new Map<string, Statement>();
  for (const statement of statements) {
    const kind = JSON.stringify([statement.sid, statement.actions, statement.conditions ?? null]);
    const known = byKind.get(kind);
    byKind.set(kind, known ? joined(known, statement) : statement);
  }
  return withOwnSids([...byKind.values()]);
}

function joined(one: Statement, other: Statement): Statement {
  const resources = [...new Set([...one.resources, ...other.resources])];
  if (!one.otherwise || !other.otherwise) return { ...one, resources };
  const instead = [...new Set([...one.otherwise.resources, ...other.otherwise.resources])];
  return { ...one, resources, otherwise: { ...one.otherwise, resources: instead } };
}

/** Numbers repeated ids, since an id must be unique in a policy. */
function withOwnSids(statements: readonly Statement[]): readonly Statement[] {
  const seen = new Map<string, number>();
  return statements.map((statement) => {
    const count = (seen.get(statement.sid) ?? 0) + 1;
    seen.set(statement.sid, count);
    return count === 1 ? statement : { ...statement, sid: `${statement.sid}${count}` };
  });
}

type Fill = (texts: readonly string[]) => readonly string[];

function filledConditions(
  conditions: Conditions | undefined,
  fill: Fill,
): { conditions?: Conditions } {
  if (!conditions) return {};
  const entries = Object.entries(conditions).map(([operator, keys]) => [
    operator,
    Object.fromEntries(
      Object.entries(keys).map(([key, value]) => [
        fill([key])[0] ?? key,
        typeof value === 'string' ? oneOrMany(fill([value])) : fill(value),
      ]),
    ),
  ]);
  return { conditions: Object.fromEntries(entries) };
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}

/** Every combination of the placeholders' values. */
function expanded(text: string, values: Values, sid: string): readonly string[] {
  const [placeholder, name = ''] = /\{(\w+)\}/.exec(text) ?? [];
  if (!placeholder) return [text];
  const choices = values[name];
  if (!choices)
    throw new Error(`${sid}: the configuration gives no value for ${placeholder} in ${text}`);
  return choices.flatMap((choice) => expanded(text.replaceAll(placeholder, choice), values, sid));
}
