import { type Policy, policyOf } from './policies.ts';
import type { Encryption, Resources } from './resources.ts';
import type { DecidingStatement } from './simulation.ts';

export type Role = {
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

type NamedPolicy = { readonly name: string; readonly policy: Policy };

export type IamState = {
  readonly roles: Map<string, Role & { readonly trust: Policy }>;
  /** The policies of each role, by its ARN. */
  readonly policies: Map<string, readonly NamedPolicy[]>;
  readonly resourcePolicies: Map<string, Policy>;
  readonly encryptions: Map<string, Encryption>;
  /** All decisions, in the order of the calls. */
  readonly decisions: Decision[];
  readonly resources: Resources;
};

const unencrypted: Encryption = { key: null, bucketKey: false };

export function newState(known: Omit<Resources, 'encryptionOf'>): IamState {
  const encryptions = new Map<string, Encryption>();
  const encryptionOf = (arn: string) => encryptions.get(arn) ?? unencrypted;
  return {
    roles: new Map(),
    policies: new Map(),
    resourcePolicies: new Map(),
    encryptions,
    decisions: [],
    resources: { ...known, encryptionOf },
  };
}

export function putRole(state: IamState, role: Role): void {
  state.roles.set(role.arn, { ...role, trust: policyOf(role.trustPolicy) });
  const policies = role.policies.map(({ name, document }) => ({
    name,
    policy: policyOf(document),
  }));
  state.policies.set(role.arn, policies);
}

export function deleteRole(state: IamState, arn: string): void {
  state.roles.delete(arn);
  state.policies.delete(arn);
}

export function putResourcePolicy(state: IamState, arn: string, document: object | null): void {
  if (document) state.resourcePolicies.set(arn, policyOf(document));
  else state.resourcePolicies.delete(arn);
}
