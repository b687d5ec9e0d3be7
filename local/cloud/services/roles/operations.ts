import type {
  GetRoleCommandInput,
  GetRolePolicyCommandInput,
  GetRolePolicyResponse,
  GetRoleResponse,
  ListAttachedRolePoliciesCommandInput,
  ListAttachedRolePoliciesResponse,
  ListRolePoliciesCommandInput,
  ListRolePoliciesResponse,
} from '@aws-sdk/client-iam';
import { globalArnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import { nameIn } from './names.ts';
import type { PolicyDocument, Role, RolesState } from './state.ts';

export function getRole(
  state: RolesState,
  input: GetRoleCommandInput,
  call: Call,
): GetRoleResponse {
  const role = roleNamed(state, input, call);
  const name = nameIn(role.arn);
  return {
    Role: {
      Path: '/',
      RoleName: name,
      RoleId: `AROA${name.replace(/\W/g, '').toUpperCase()}`,
      Arn: role.arn,
      CreateDate: role.createdAt,
      AssumeRolePolicyDocument: encoded(role.trust),
      MaxSessionDuration: 3_600,
      ...(role.description !== undefined && { Description: role.description }),
    },
  };
}

export function listRolePolicies(
  state: RolesState,
  input: ListRolePoliciesCommandInput,
  call: Call,
): ListRolePoliciesResponse {
  supportOnly('ListRolePolicies', input, ['RoleName', 'Marker', 'MaxItems']);
  const names = [...inlineOf(roleNamed(state, input, call)).keys()].toSorted();
  const { items, ...rest } = paged(names, input, (name) => name);
  return { PolicyNames: [...items], ...rest };
}

export function getRolePolicy(
  state: RolesState,
  input: GetRolePolicyCommandInput,
  call: Call,
): GetRolePolicyResponse {
  const { PolicyName = '', RoleName } = input;
  const document = inlineOf(roleNamed(state, input, call)).get(PolicyName);
  if (document) return { RoleName, PolicyName, PolicyDocument: encoded(document) };
  const message = `The role policy with name ${PolicyName} cannot be found.`;
  throw new AwsError('NoSuchEntity', message, 404);
}

export function listAttachedRolePolicies(
  state: RolesState,
  input: ListAttachedRolePoliciesCommandInput,
  call: Call,
): ListAttachedRolePoliciesResponse {
  supportOnly('ListAttachedRolePolicies', input, ['RoleName', 'Marker', 'MaxItems']);
  const arns = state.attachedTo(roleNamed(state, input, call)).toSorted();
  const { items, ...rest } = paged(arns, input, (arn) => arn);
  const AttachedPolicies = items.map((PolicyArn) => ({ PolicyArn, PolicyName: nameIn(PolicyArn) }));
  return { AttachedPolicies, ...rest };
}

/** Inline policies, and those that came as resources of their own: for IAM they are the same. */
function inlineOf({ added, inline }: Role): ReadonlyMap<string, PolicyDocument> {
  return new Map([...inline, ...added]);
}

function roleNamed(
  state: RolesState,
  { RoleName = '' }: { readonly RoleName: string | undefined },
  call: Call,
): Role {
  return state.role(globalArnOf('iam', call, `role/${RoleName}`));
}

function paged<T>(
  all: readonly T[],
  {
    Marker: token,
    MaxItems: size = 100,
  }: { Marker?: string | undefined; MaxItems?: number | undefined },
  keyOf: (item: T) => string,
) {
  const page = pageOf(all, { token, size }, keyOf);
  if (!page) throw new AwsError('ValidationError', 'Invalid Marker.');
  return {
    items: page.items,
    IsTruncated: page.next !== null,
    ...(page.next !== null && { Marker: page.next }),
  };
}

/** "Policies returned by this operation are URL-encoded compliant with RFC 3986" (API_GetRolePolicy). */
function encoded(document: PolicyDocument): string {
  return encodeURIComponent(JSON.stringify(document));
}
