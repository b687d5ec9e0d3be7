import * as module from '@aws-sdk/client-iam';
import { type Clock, systemClock } from '../../clock.ts';
import { AwsError, type Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { nameIn } from './names.ts';
import {
  getRole,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
} from './operations.ts';
import { type Simulate, simulatePrincipalPolicy } from './simulate.ts';
import type { PolicyDocument, Role, RolesState } from './state.ts';

export type { PolicyDocument } from './state.ts';

/** A role with all its policies, as IAM evaluates it. */
export type EffectiveRole = {
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  readonly policies: readonly { readonly name: string; readonly document: PolicyDocument }[];
};

export type Roles = {
  readonly operations: Operations;
  /** CreateRole and its updates in one. Policies that others attached stay. */
  putRole(role: {
    readonly arn: string;
    readonly trust: PolicyDocument;
    readonly inline: ReadonlyMap<string, PolicyDocument>;
    /** The ARNs of managed policies. */
    readonly attached: readonly string[];
    readonly description?: string | undefined;
  }): void;
  deleteRole(arn: string): void;
  hasRole(arn: string): boolean;
  /** A separate inline policy of the role's template; null removes it. */
  putRolePolicy(roleArn: string, name: string, document: PolicyDocument | null): void;
  /** A managed policy with the roles that it is attached to; null removes it. */
  putManagedPolicy(arn: string, document: PolicyDocument | null, roleArns: readonly string[]): void;
};

type ManagedPolicy = { readonly document: PolicyDocument; readonly roleArns: readonly string[] };

/** IAM and AWS STS quotas, "IAM and STS character limits", without white space. */
const limits = { trust: 2_048, inline: 10_240, managed: 6_144, attached: 10 };

/** IAM's roles and their policies. It calls back on every change, for whoever evaluates them. */
export function roles(
  onChange: {
    put(role: EffectiveRole): void;
    delete(arn: string): void;
  },
  simulate: Simulate,
  clock: Clock = systemClock,
): Roles {
  const known = new Map<string, Role>();
  const managed = new Map<string, ManagedPolicy>();

  function tell(role: Role): void {
    const attached = [...managed].filter(
      ([arn, { roleArns }]) => roleArns.includes(role.arn) || role.attached.includes(arn),
    );
    const inline = [...role.inline, ...role.added];
    assertSizes(role, inline, attached);
    onChange.put({
      arn: role.arn,
      trustPolicy: role.trust,
      policies: [
        ...inline.map(([name, document]) => ({ name, document })),
        ...attached.map(([arn, { document }]) => ({ name: nameIn(arn), document })),
      ],
    });
  }

  function existing(arn: string): Role {
    const role = known.get(arn);
    if (role) return role;
    throw new AwsError('NoSuchEntity', `The role with name ${nameIn(arn)} cannot be found.`, 404);
  }

  const state: RolesState = {
    role: existing,
    attachedTo: ({ arn, attached }) =>
      [...managed.keys()].filter(
        (policy) => attached.includes(policy) || managed.get(policy)?.roleArns.includes(arn),
      ),
  };

  return {
    operations: {
      GetRole: (input, call) => getRole(state, input, call),
      ListRolePolicies: (input, call) => listRolePolicies(state, input, call),
      GetRolePolicy: (input, call) => getRolePolicy(state, input, call),
      ListAttachedRolePolicies: (input, call) => listAttachedRolePolicies(state, input, call),
      SimulatePrincipalPolicy: (input) => simulatePrincipalPolicy(state, simulate, input),
    },
    putRole({ arn, trust, inline, attached, description }) {
      const foreign = attached.find((policy) => !managed.has(policy));
      if (foreign)
        throw new AwsError('NoSuchEntity', `the local cloud does not know the policy ${foreign}`);
      const there = known.get(arn);
      const added = there?.added ?? new Map();
      const createdAt = there?.createdAt ?? clock.now();
      const role = { arn, trust, inline, attached, added, description, createdAt };
      tell(role);
      known.set(arn, role);
    },
    deleteRole(arn) {
      known.delete(arn);
      onChange.delete(arn);
    },
    hasRole: (arn) => known.has(arn),
    putRolePolicy(roleArn, name, document) {
      if (!document && !known.has(roleArn)) return;
      const role = existing(roleArn);
      if (document) role.added.set(name, document);
      else role.added.delete(name);
      tell(role);
    },
    putManagedPolicy(arn, document, roleArns) {
      const before = managed.get(arn)?.roleArns ?? [];
      if (document) {
        assertLength('managed policy', document, limits.managed, nameIn(arn));
        for (const roleArn of roleArns) existing(roleArn);
        managed.set(arn, { document, roleArns });
      } else managed.delete(arn);
      for (const role of known.values()) {
        const { attached } = role;
        if ([...before, ...roleArns].includes(role.arn) || attached.includes(arn)) tell(role);
      }
    },
  };
}

/** IAM, which is the same in every region. */
export function iamService(
  { operations }: Pick<Roles, 'operations'>,
  certificates: { readonly operations: Operations },
): RunningService {
  return serviceOf('iam', module, module.IAMClient, { ...operations, ...certificates.operations });
}

function assertSizes(
  { arn, trust }: Role,
  inline: readonly (readonly [string, PolicyDocument])[],
  attached: readonly unknown[],
): void {
  const name = nameIn(arn);
  assertLength('trust policy', trust, limits.trust, name);
  const documents = inline.map(([, document]) => document);
  assertLength('inline policies', documents, limits.inline, name);
  if (attached.length <= limits.attached) return;
  throw new AwsError(
    'LimitExceeded',
    `Cannot exceed quota for PoliciesPerRole: ${limits.attached} (${name})`,
    409,
  );
}

function assertLength(what: string, policy: unknown, most: number, name: string): void {
  const length = JSON.stringify(policy).replaceAll(/\s/g, '').length;
  if (length <= most) return;
  throw new AwsError(
    'LimitExceeded',
    `Maximum policy size of ${most} bytes exceeded for ${name}: ${what} of ${length}`,
    409,
  );
}
