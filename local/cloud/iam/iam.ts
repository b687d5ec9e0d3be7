import type { Identity } from '../wire/accounts.ts';
import type { Context } from './authorizations/requests.ts';
import { type AuthorizedCall, authorize } from './authorize.ts';
import { decide } from './decide.ts';
import { policyOf, spelledKey } from './policies.ts';
import { person, principalNamed } from './principals.ts';
import type { Encryption, Resources } from './resources.ts';
import { type Outcome, simulate } from './simulation.ts';
import { simulator } from './simulator.ts';
import {
  type Decision,
  deleteRole,
  type IamState,
  newState,
  putResourcePolicy,
  putRole,
  type Role,
} from './state.ts';

export type Iam = {
  putRole(role: Role): void;
  deleteRole(arn: string): void;
  role(arn: string): Role | null;
  /** Sets the policy of a bucket, queue, topic, event bus, KMS key or function, by its ARN; null removes it. */
  putResourcePolicy(resourceArn: string, document: object | null): void;
  /** Encrypts the resource with this key from now on, or with AWS's own. The key may be named by the ARN of an alias. */
  useKey(
    resourceArn: string,
    keyArn: string | null,
    options?: { readonly bucketKey?: boolean },
  ): void;
  /**
   * Loads the simulator. Await this where roles are created and the clock is virtual: otherwise the first decision would
   * wait for it.
   */
  prepare(): Promise<void>;
  /**
   * Checks sessions of a role. Everybody else has AdministratorAccess, and is stopped only where a resource's policy
   * denies. @throws AwsError with the service's answer
   */
  authorize(call: AuthorizedCall): Promise<void>;
  /** Says whether the role exists and trusts somebody with AdministratorAccess who is not in a role's session. */
  mayAssume(request: {
    readonly roleArn: string;
    readonly externalId: string | null;
    readonly by: Identity;
  }): Promise<boolean>;
  /**
   * Decides for AWS itself: Lambda with a function's role, EventBridge and Scheduler with a function, CloudWatch with a
   * topic and its key. `principal` is the ARN of a role, or the name of a service.
   */
  isAllowed(request: {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly context?: Context;
  }): Promise<boolean>;
  /**
   * Decides by the policies of a role alone, as SimulatePrincipalPolicy does for a role, and writes nothing down: the policy of
   * a resource counts for users only.
   */
  simulate(request: {
    readonly roleArn: string;
    readonly action: string;
    readonly resource: string;
    readonly context: Context;
  }): Promise<Outcome & { readonly missing: readonly string[] }>;
  /** The key that a resource is encrypted with, as set by `useKey`. */
  encryptionOf(resourceArn: string): Encryption;
  /** All decisions, in the order of the calls. */
  readonly decisions: readonly Decision[];
};

/** IAM of every account in this cloud: roles, the policies of resources, and who may do what. */
export function iam(known: Omit<Resources, 'encryptionOf'>): Iam {
  const state = newState(known);
  return {
    putRole: (role) => putRole(state, role),
    deleteRole: (arn) => deleteRole(state, arn),
    role: (arn) => state.roles.get(arn) ?? null,
    putResourcePolicy: (arn, document) => putResourcePolicy(state, arn, document),
    useKey: (arn, key, { bucketKey = false } = {}) =>
      void state.encryptions.set(arn, { key, bucketKey }),
    async prepare() {
      await simulator();
    },
    authorize: (call) => authorize(state, call),
    mayAssume: (request) => mayAssume(state, request),
    isAllowed: (request) => isAllowed(state, request),
    simulate: (request) => simulateRole(state, request),
    encryptionOf: state.resources.encryptionOf,
    decisions: state.decisions,
  };
}

async function mayAssume(
  state: IamState,
  { roleArn, externalId, by }: Parameters<Iam['mayAssume']>[0],
): Promise<boolean> {
  // The front has already checked the role of the session.
  if (by.role !== null) return true;
  const context = externalId === null ? {} : { 'sts:ExternalId': externalId };
  const request = { action: 'sts:AssumeRole', resource: roleArn, context };
  return (await decide(state, person(by), request, 'us-east-1')).allowed;
}

async function isAllowed(
  state: IamState,
  { principal, ...request }: Parameters<Iam['isAllowed']>[0],
): Promise<boolean> {
  const region = request.resource.split(':')[3] ?? '';
  return (await decide(state, principalNamed(state, principal), request, region)).allowed;
}

/** `missing`: keys of statements about the action that the request does not have, in lower case. */
async function simulateRole(
  state: IamState,
  { action, context, resource, roleArn }: Parameters<Iam['simulate']>[0],
): Promise<Outcome & { readonly missing: readonly string[] }> {
  const { account, arn: principal, policies } = principalNamed(state, roleArn);
  const given = new Set(Object.keys(context).map((key) => spelledKey(key).toLowerCase()));
  const asked = policies.flatMap(({ policy }) => [...policy.about(action).keys]);
  // In another account both sides have to allow it, and the simulation knows no policy there (API_EvaluationResult.html).
  const owner = resource.split(':')[4] || account;
  const isOfIam = action.startsWith('kms:') && owner === account;
  const outcome = await simulate({
    principal,
    identityPolicies: policies,
    // A key without a policy would be open to nobody; the usual one leaves it to IAM.
    resourcePolicy: isOfIam ? { name: 'any key', policy: openTo(account) } : null,
    action,
    resource,
    resourceAccount: owner,
    context,
  });
  return { ...outcome, missing: [...new Set(asked)].filter((key) => !given.has(key)) };
}

function openTo(account: string) {
  return policyOf({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
  });
}
