import type {
  EvaluationResult,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { AwsError } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { RolesState } from './state.ts';

/** Decides by the policies of a role alone. */
export type Simulate = (request: {
  readonly roleArn: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}) => Promise<Simulated>;

type Simulated = {
  readonly allowed: boolean;
  readonly refusal: { readonly explicit: boolean } | null;
  readonly decidedBy: readonly { readonly policy: string }[];
  /** Condition keys that the request does not have. */
  readonly missing: readonly string[];
};

/** One result for each action and resource (API_SimulatePrincipalPolicy.html); roles alone. */
export async function simulatePrincipalPolicy(
  state: RolesState,
  simulate: Simulate,
  input: SimulatePrincipalPolicyCommandInput,
): Promise<SimulatePolicyResponse> {
  supportOnly('SimulatePrincipalPolicy', input, [
    'PolicySourceArn',
    'ActionNames',
    'ResourceArns',
    'ContextEntries',
  ]);
  const { ActionNames = [], ContextEntries = [], PolicySourceArn = '', ResourceArns } = input;
  if (!/:role\//.test(PolicySourceArn)) {
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${PolicySourceArn}`);
  }
  const { arn: roleArn } = state.role(PolicySourceArn);
  const context = Object.fromEntries(
    ContextEntries.map(({ ContextKeyName = '', ContextKeyType, ContextKeyValues = [] }) => [
      ContextKeyName,
      ContextKeyType?.endsWith('List') ? ContextKeyValues : (ContextKeyValues[0] ?? ''),
    ]),
  );
  const asked = ActionNames.flatMap((action) =>
    (ResourceArns ?? ['*']).map((resource) => ({ roleArn, action, resource, context })),
  );
  return {
    EvaluationResults: await Promise.all(
      asked.map(async (request) => resultOf(request, await simulate(request))),
    ),
    IsTruncated: false,
  };
}

function resultOf(
  { action, resource }: { readonly action: string; readonly resource: string },
  { allowed, decidedBy, missing, refusal }: Simulated,
): EvaluationResult {
  const denied = refusal?.explicit ? 'explicitDeny' : 'implicitDeny';
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision: allowed ? 'allowed' : denied,
    MatchedStatements: decidedBy.map(({ policy }) => ({ SourcePolicyId: policy })),
    MissingContextValues: [...missing],
  };
}
