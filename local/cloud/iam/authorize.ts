import type { Identity } from '../wire/accounts.ts';
import { requestsOf } from './authorizations/tables.ts';
import { decide, outcomeFor, policyOn } from './decide.ts';
import { denial } from './denial.ts';
import { inRole, person } from './principals.ts';
import type { IamState } from './state.ts';

export type AuthorizedCall = {
  readonly identity: Identity;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly region: string;
};

/** Services with resource policies that people call through the front. */
const servicesWithPolicies: ReadonlySet<string> = new Set(['events', 's3', 'sns', 'sqs']);

export async function authorize(state: IamState, call: AuthorizedCall): Promise<void> {
  const { identity, service, region } = call;
  if (identity.role === null) return authorizePerson(state, call);
  const principal = inRole(state, identity, identity.role);
  const asked = { ...call, account: identity.account };
  for (const request of await requestsOf(asked, state.resources)) {
    const { refusal } = await decide(state, principal, request, region);
    if (!refusal) continue;
    if (!request.ifDenied) throw denial(service, identity, request, refusal);
    request.ifDenied();
  }
}

/** Leaves out keys, whose policies let IAM decide for people of the account. */
async function authorizePerson(state: IamState, call: AuthorizedCall): Promise<void> {
  const { identity, service, region } = call;
  if (identity.isAbovePolicies || !servicesWithPolicies.has(service)) return;
  if (state.resourcePolicies.size === 0) return;
  const asked = { ...call, account: identity.account };
  for (const request of await requestsOf(asked, state.resources)) {
    if (request.action.startsWith('kms:') || !policyOn(state, request)) continue;
    const { refusal } = await outcomeFor(state, person(identity), request, region);
    if (refusal?.explicit) throw denial(service, identity, request, refusal);
  }
}
