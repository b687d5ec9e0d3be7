import type { Assembly } from 'local-cloud/deploy/assembly.ts';

/** One statement of a role's policies, by the role's name and the statement's id. */
export type RoleStatement = {
  readonly role: string;
  readonly sid: string;
  readonly actions: readonly string[];
};

type Statement = { readonly Sid: string; readonly Action: string | readonly string[] };
type Policy = { readonly PolicyDocument: { readonly Statement: readonly Statement[] } };

/** Returns every statement of every role in every stack. */
export function statementsIn(assembly: Assembly): readonly RoleStatement[] {
  return rolesIn(assembly).flatMap(({ RoleName: role, Policies }) =>
    Policies.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.map(({ Sid: sid, Action }) => ({
        role,
        sid,
        actions: [Action].flat(),
      })),
    ),
  );
}

/**
 * Returns the same assembly without these statements.
 * @throws Error where there is no such statement
 */
export function without(
  assembly: Assembly,
  gone: readonly Pick<RoleStatement, 'role' | 'sid'>[],
): Assembly {
  const changed = structuredCloneOf(assembly);
  for (const { role, sid } of gone) {
    const found = rolesIn(changed).find(({ RoleName }) => RoleName === role);
    const holder = found?.Policies.find(({ PolicyDocument }) =>
      PolicyDocument.Statement.some(({ Sid }) => Sid === sid),
    );
    if (!holder) throw new Error(`there is no statement ${sid} in the policies of ${role}`);
    const document = holder.PolicyDocument as { Statement: readonly Statement[] };
    document.Statement = document.Statement.filter(({ Sid }) => Sid !== sid);
  }
  return changed;
}

/**
 * Returns the same assembly without these resources, and without dependencies on them.
 * @throws Error where there is none
 */
export function withoutResources(
  assembly: Assembly,
  isGone: (id: string, type: string) => boolean,
): Assembly {
  const stacks = assembly.stacks.map((stack) => {
    const all = Object.entries(stack.template.Resources);
    const gone = all.filter(([id, { Type }]) => isGone(id, Type)).map(([id]) => id);
    const kept = all
      .filter(([id]) => !gone.includes(id))
      .map(([id, resource]) => [
        id,
        { ...resource, DependsOn: resource.DependsOn.filter((other) => !gone.includes(other)) },
      ]);
    return { ...stack, template: { ...stack.template, Resources: Object.fromEntries(kept) } };
  });
  const count = (among: Assembly['stacks']) =>
    among.flatMap(({ template }) => Object.keys(template.Resources)).length;
  if (count(stacks) === count(assembly.stacks)) throw new Error('there is no such resource');
  return { stacks };
}

function rolesIn({ stacks }: Assembly) {
  return stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .map(({ Properties }) => Properties as { RoleName: string; Policies: readonly Policy[] });
}

/** Templates are data; assets contain functions, which are not cloned. */
function structuredCloneOf({ stacks }: Assembly): Assembly {
  return {
    stacks: stacks.map((stack) => ({ ...stack, template: structuredClone(stack.template) })),
  };
}
