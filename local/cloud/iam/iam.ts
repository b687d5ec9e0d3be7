import { type Identity, roleSession } from '../wire/accounts.ts';
import type { AccessRequest, Context } from './authorizations/requests.ts';
import { requestsOf } from './authorizations/tables.ts';
import { denial } from './denial.ts';
import { type Policy, policyOf } from './policies.ts';
import type { Encryption, Resources } from './resources.ts';
import { type DecidingStatement, type Outcome, simulate } from './simulation.ts';
import { simulator } from './simulator.ts';

type Role = {
  readonly arn: string;
  readonly trustPolicy: object;
  readonly policies: readonly { readonly name: string; readonly document: object }[];
};

export type Decision = {
  /** The ARN of the role, or the name of a service (`events.amazonaws.com`). */
  readonly role: string;
  /** The function behind the role, where one is known. */
  readonly caller: string | null;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** The statements that allow it, or deny it; none where nothing allows it. */
  readonly decidedBy: readonly DecidingStatement[];
};

type AuthorizedCall = {
  readonly identity: Identity;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly region: string;
};

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
  /** The key that a resource is encrypted with, as set by `useKey`. */
  encryptionOf(resourceArn: string): Encryption;
  /** All decisions, in the order of the calls. */
  readonly decisions: readonly Decision[];
};

type Principal = {
  readonly arn: string;
  readonly account: string;
  readonly role: string;
  readonly caller: string | null;
  readonly policies: readonly { readonly name: string; readonly policy: Policy }[];
  readonly context: Context;
};

const administrator = policyOf({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
/** Services with resource policies that people call through the front. */
const servicesWithPolicies: ReadonlySet<string> = new Set(['events', 's3', 'sns', 'sqs']);
const nobody = policyOf({ Version: '2012-10-17', Statement: [] });
const unencrypted: Encryption = { key: null, bucketKey: false };

/** IAM of every account in this cloud: roles, the policies of resources, and who may do what. */
export function iam(known: Omit<Resources, 'encryptionOf'>): Iam {
  const roles = new Map<string, Role & { readonly trust: Policy }>();
  const policies = new Map<string, Principal['policies']>();
  const resourcePolicies = new Map<string, Policy>();
  const encryptions = new Map<string, Encryption>();
  const decisions: Decision[] = [];
  const encryptionOf = (arn: string) => encryptions.get(arn) ?? unencrypted;
  const resources: Resources = { ...known, encryptionOf };

  function inRole(identity: Identity, role: string): Principal {
    return {
      arn: identity.arn,
      account: identity.account,
      role,
      caller: identity.caller,
      // A deleted role allows its sessions nothing.
      policies: policies.get(role) ?? [],
      context: {
        'aws:PrincipalArn': role,
        'aws:PrincipalAccount': identity.account,
        'aws:PrincipalType': 'AssumedRole',
        'aws:PrincipalIsAWSService': 'false',
        'aws:userid': identity.userId,
      },
    };
  }

  async function decide(
    principal: Principal,
    request: AccessRequest,
    region: string,
  ): Promise<Outcome> {
    const outcome = await outcomeFor(principal, request, region);
    const { role, caller } = principal;
    const { allowed, decidedBy } = outcome;
    const { action, resource } = request;
    decisions.push({ role, caller, action, resource, allowed, decidedBy });
    return outcome;
  }

  function outcomeFor(
    principal: Principal,
    request: AccessRequest,
    region: string,
  ): Promise<Outcome> {
    const { action, resource } = request;
    const resourceAccount = request.owner || resource.split(':')[4] || principal.account;
    return simulate({
      principal: principal.arn,
      identityPolicies: principal.policies,
      resourcePolicy: policyOn(request),
      action,
      resource,
      resourceAccount,
      context: {
        'aws:ViaAWSService': 'false',
        // Loopback speaks HTTP; on AWS a function's SDK uses TLS for every endpoint.
        'aws:SecureTransport': 'true',
        'aws:RequestedRegion': region,
        'aws:ResourceAccount': resourceAccount,
        ...principal.context,
        ...request.context,
      },
    });
  }

  function policyOn({ action, resource }: AccessRequest) {
    // A role exists or not, and needs a trust policy: nobody can assume one without it.
    if (action === 'sts:AssumeRole') {
      return { name: resource, policy: roles.get(resource)?.trust ?? nobody };
    }
    const holder = holderOf(resource);
    const policy = resourcePolicies.get(holder);
    return policy ? { name: holder, policy } : null;
  }

  async function authorize(call: AuthorizedCall): Promise<void> {
    const { identity, service, region } = call;
    if (identity.role === null) return authorizePerson(call);
    const principal = inRole(identity, identity.role);
    for (const request of requestsOf({ ...call, account: identity.account }, resources)) {
      const { refusal } = await decide(principal, request, region);
      if (!refusal) continue;
      if (!request.ifDenied) throw denial(service, identity, request, refusal);
      request.ifDenied();
    }
  }

  /** Leaves out keys, whose policies let IAM decide for people of the account. */
  async function authorizePerson(call: AuthorizedCall): Promise<void> {
    const { identity, service, region } = call;
    if (identity.isAbovePolicies || !servicesWithPolicies.has(service)) return;
    for (const request of requestsOf({ ...call, account: identity.account }, resources)) {
      if (request.action.startsWith('kms:') || !policyOn(request)) continue;
      const { refusal } = await outcomeFor(person(identity), request, region);
      if (refusal?.explicit) throw denial(service, identity, request, refusal);
    }
  }

  async function isAllowed({
    principal,
    ...request
  }: Parameters<Iam['isAllowed']>[0]): Promise<boolean> {
    const region = request.resource.split(':')[3] ?? '';
    const session = roleSession({ role: principal, sessionName: 'aws', caller: null });
    const asked = session ? inRole(session, principal) : service(principal);
    return (await decide(asked, request, region)).allowed;
  }

  return {
    putRole(role) {
      roles.set(role.arn, { ...role, trust: policyOf(role.trustPolicy) });
      policies.set(
        role.arn,
        role.policies.map(({ name, document }) => ({ name, policy: policyOf(document) })),
      );
    },
    deleteRole(arn) {
      roles.delete(arn);
      policies.delete(arn);
    },
    role: (arn) => roles.get(arn) ?? null,
    putResourcePolicy(resourceArn, document) {
      if (document) resourcePolicies.set(resourceArn, policyOf(document));
      else resourcePolicies.delete(resourceArn);
    },
    useKey: (resourceArn, key, { bucketKey = false } = {}) =>
      void encryptions.set(resourceArn, { key, bucketKey }),
    async prepare() {
      await simulator();
    },
    authorize,
    async mayAssume({ roleArn, externalId, by }) {
      // The front has already checked the role of the session.
      if (by.role !== null) return true;
      const context = externalId === null ? {} : { 'sts:ExternalId': externalId };
      const request = { action: 'sts:AssumeRole', resource: roleArn, context };
      return (await decide(person(by), request, 'us-east-1')).allowed;
    },
    isAllowed,
    encryptionOf,
    decisions,
  };
}

function person({ arn, account, caller }: Identity): Principal {
  return {
    arn,
    account,
    role: arn,
    caller,
    policies: [{ name: 'AdministratorAccess', policy: administrator }],
    context: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account },
  };
}

/** A service that acts for itself: only the policy of a resource can admit it. */
function service(name: string): Principal {
  return {
    arn: name,
    account: '',
    role: name,
    caller: null,
    policies: [],
    context: { 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': name },
  };
}

/** The resource whose policy applies: a bucket for its objects, a function for its versions. */
function holderOf(resource: string): string {
  const [, bucket] = /^(arn:[\w-]+:s3:::[^/]+)/.exec(resource) ?? [];
  const [, fn] = /^(arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[^:]+)/.exec(resource) ?? [];
  return bucket ?? fn ?? resource;
}
