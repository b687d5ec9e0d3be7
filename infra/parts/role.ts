import { Annotations, Validations } from 'aws-cdk-lib';
import {
  Effect,
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Statement } from '../rights/statement.ts';
import { withinLimits } from '../rights/within-limits.ts';

/** A role with exactly these rights, within IAM's limits. */
export function createRole(
  scope: Construct,
  id: string,
  role: {
    readonly name: string;
    readonly assumedBy: IPrincipal;
    readonly description: string;
    readonly rights: readonly Statement[];
  },
): Role {
  const { inline, managed, widened } = withinLimits(role.rights);
  const created = new Role(scope, id, {
    roleName: role.name,
    assumedBy: role.assumedBy,
    description: role.description,
    inlinePolicies: { rights: documentOf(inline) },
  });
  for (const [index, statements] of managed.entries()) {
    const policy = new ManagedPolicy(scope, `${id}Rights${index + 1}`, {
      managedPolicyName: `${role.name}-${index + 1}`,
      document: documentOf(statements),
      roles: [created],
    });
    acknowledge(policy, statements);
  }
  acknowledge(created, inline);
  for (const statement of widened) warnOf(created, statement);
  return created;
}

function documentOf(statements: readonly Statement[]): PolicyDocument {
  return new PolicyDocument({
    statements: statements.map(
      ({ sid, actions, resources, conditions }) =>
        new PolicyStatement({
          sid,
          effect: Effect.ALLOW,
          actions: [...actions],
          resources: [...resources],
          ...(conditions && { conditions }),
        }),
    ),
  });
}

/**
 * Acknowledges each wildcard with the statement's reason: either the name is unknown beforehand, or the service supports
 * nothing narrower.
 */
function acknowledge(construct: Construct, statements: readonly Statement[]): void {
  for (const { resources, reason } of statements) {
    for (const resource of resources.filter((name) => name.includes('*'))) {
      Validations.of(construct).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason,
      });
    }
  }
}

function warnOf(role: Role, { sid, resources, otherwise }: Statement): void {
  Annotations.of(role).addWarningV2(
    `certkeep:widened-${sid}`,
    `${sid}: ${resources.length} resources are too many for the policies of one role. ${otherwise?.meaning ?? ''}`,
  );
}
