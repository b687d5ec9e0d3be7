import type { AccessRequest } from './authorizations/requests.ts';
import { policyOf } from './policies.ts';
import type { Principal } from './principals.ts';
import { type Outcome, simulate } from './simulation.ts';
import type { IamState } from './state.ts';

const nobody = policyOf({ Version: '2012-10-17', Statement: [] });

/** Decides, and writes the decision down. */
export async function decide(
  state: IamState,
  principal: Principal,
  request: AccessRequest,
  region: string,
): Promise<Outcome> {
  const outcome = await outcomeFor(state, principal, request, region);
  const { role, caller } = principal;
  const { allowed, decidedBy } = outcome;
  const { action, resource } = request;
  state.decisions.push({ role, caller, action, resource, allowed, decidedBy });
  return outcome;
}

export function outcomeFor(
  state: IamState,
  principal: Principal,
  request: AccessRequest,
  region: string,
): Promise<Outcome> {
  const { action, resource } = request;
  const resourceAccount = request.owner || resource.split(':')[4] || principal.account;
  return simulate({
    principal: principal.arn,
    identityPolicies: principal.policies,
    resourcePolicy: policyOn(state, request),
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

/** The policy of the resource that a request is about; null where it has none. */
export function policyOn(state: IamState, { action, resource }: AccessRequest) {
  // A role exists or not, and needs a trust policy: nobody can assume one without it.
  if (action === 'sts:AssumeRole') {
    return { name: resource, policy: state.roles.get(resource)?.trust ?? nobody };
  }
  const holder = holderOf(resource);
  const policy = state.resourcePolicies.get(holder);
  return policy ? { name: holder, policy } : null;
}

/** The resource whose policy applies: a bucket for its objects, a function for its versions. */
function holderOf(resource: string): string {
  const [, bucket] = /^(arn:[\w-]+:s3:::[^/]+)/.exec(resource) ?? [];
  const [, fn] = /^(arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[^:]+)/.exec(resource) ?? [];
  return bucket ?? fn ?? resource;
}
