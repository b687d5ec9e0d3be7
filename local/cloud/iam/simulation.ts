import type { SingleResourceSimulationResult } from '@cloud-copilot/iam-simulate';
import type { Context } from './authorizations/requests.ts';
import { type Policy, spelledKey, spelledResource } from './policies.ts';
import { simulator } from './simulator.ts';

export type Simulated = {
  /** The ARN of a role's session, or the name of a service (`events.amazonaws.com`). */
  readonly principal: string;
  readonly identityPolicies: readonly { readonly name: string; readonly policy: Policy }[];
  readonly resourcePolicy: { readonly name: string; readonly policy: Policy } | null;
  readonly action: string;
  readonly resource: string;
  /** The owner of the resource: in another account, both sides must allow. */
  readonly resourceAccount: string;
  readonly context: Context;
};

/** A deciding statement: the name of its policy, and its Sid, or `#2` for the second statement without one. */
export type DecidingStatement = { readonly policy: string; readonly sid: string };

export type Outcome = {
  readonly allowed: boolean;
  /** The reason for a denial: a statement that denies, or none that allows, and the kind of policy. */
  readonly refusal: { readonly explicit: boolean; readonly by: 'identity' | 'resource' } | null;
  readonly decidedBy: readonly DecidingStatement[];
};

/**
 * Decisions of all clouds in this process. The key contains everything that a decision depends on, so that an entry never
 * becomes wrong.
 */
const decided = new Map<string, Outcome>();
const mostRemembered = 20_000;

/** Decides with @cloud-copilot/iam-simulate; an earlier decision costs only a look-up. */
export async function simulate(asked: Simulated): Promise<Outcome> {
  const context = contextThatCounts(asked);
  const key = keyOf(asked, context);
  const known = decided.get(key);
  if (known) return known;
  const outcome = await decide(asked, context);
  if (decided.size >= mostRemembered) decided.clear();
  decided.set(key, outcome);
  return outcome;
}

function policiesOf({ identityPolicies, resourcePolicy }: Simulated) {
  return [...identityPolicies, ...(resourcePolicy ? [resourcePolicy] : [])];
}

/** Leaves out context that no statement uses: it changes no decision, but would make each one look new. */
function contextThatCounts(asked: Simulated): [string, string | string[]][] {
  const looked = policiesOf(asked).map(({ policy }) => policy.about(asked.action).keys);
  return (
    Object.entries(asked.context)
      .map(([key, value]) => [spelledKey(key), value] as const)
      // A key without values counts as missing: `Null` guards `ForAllValues` against this.
      .filter(([, value]) => value.length > 0 || typeof value === 'string')
      .filter(([key]) => looked.some((keys) => keys.has(key.toLowerCase())))
      .map(([key, value]) => [key, typeof value === 'string' ? value : [...value]])
  );
}

function keyOf(asked: Simulated, context: readonly [string, unknown][]): string {
  const { principal, action, resource, resourceAccount } = asked;
  const policies = policiesOf(asked).map(({ name, policy }) => `${policy.id} ${name}`);
  return JSON.stringify([policies, principal, action, resource, resourceAccount, context]);
}

async function decide(asked: Simulated, context: [string, string | string[]][]): Promise<Outcome> {
  const { principal, action, resource, resourceAccount, identityPolicies, resourcePolicy } = asked;
  await Promise.all(policiesOf(asked).map(({ policy }) => assertValid(policy)));
  const { runSimulation } = await simulator();
  const resourceDocument = resourcePolicy?.policy.about(action).document;
  const simulated = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: {
          resource: literal(spelledResource(action, resource)),
          accountId: resourceAccount,
        },
        contextVariables: Object.fromEntries(context),
      },
      identityPolicies: identityPolicies.flatMap(({ name, policy }) => {
        const { document } = policy.about(action);
        return document ? [{ name, policy: document }] : [];
      }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // A policy without statements about the action still counts: it decides for a KMS key or a role.
      ...(resourcePolicy && {
        resourcePolicy: resourceDocument ?? silentPolicy,
      }),
    },
    {},
  );
  if (simulated.resultType === 'single') return outcomeOf(simulated, resourcePolicy?.name ?? '');
  // The action does not know this kind of resource, so no statement can allow it.
  if (simulated.resultType === 'error' && simulated.errors.message === 'no.resource.types') {
    return { allowed: false, refusal: { explicit: false, by: 'identity' }, decidedBy: [] };
  }
  throw new Error(`local: ${action} on ${resource} cannot be simulated: ${told(simulated)}`);
}

const silentPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:GetCallerIdentity', Resource: '*' }],
};

function told(simulated: { readonly resultType: string; readonly errors?: unknown }): string {
  return JSON.stringify(simulated.errors ?? simulated.resultType);
}

/** The simulator reads `*` as every resource; in a request to AWS it is a character. */
function literal(resource: string): string {
  if (resource === '*') return resource;
  return resource.replaceAll('*', '\u2217').replaceAll('?', '\uff1f');
}

function outcomeOf(simulated: SingleResourceSimulationResult, resourcePolicy: string): Outcome {
  const { analysis } = simulated.result;
  const allowed = simulated.overallResult === 'Allowed';
  const explicit = simulated.overallResult === 'ExplicitlyDenied';
  const identity = analysis?.identityAnalysis;
  const resource = analysis?.resourceAnalysis;
  const deciding = explicit ? 'denyStatements' : 'allowStatements';
  const statements = [
    ...(identity?.[deciding] ?? []).map((each) => named(each, each.policyId ?? '')),
    ...(resource?.[deciding] ?? []).map((each) => named(each, resourcePolicy)),
  ];
  if (allowed) return { allowed, refusal: null, decidedBy: statements };
  const isByResource = explicit
    ? identity?.result !== 'ExplicitlyDenied'
    : identity?.result === 'Allowed';
  return {
    allowed,
    refusal: { explicit, by: isByResource ? 'resource' : 'identity' },
    decidedBy: explicit ? statements : [],
  };
}

type Analyzed = { readonly statement: { sid(): string | undefined; index(): number } };

function named({ statement }: Analyzed, policy: string): DecidingStatement {
  return { policy, sid: statement.sid() ?? `#${statement.index()}` };
}

const valid = new WeakSet<Policy>();

/** Validates a whole policy before its first decision, whatever the decision is about. */
async function assertValid(policy: Policy): Promise<void> {
  if (valid.has(policy)) return;
  await checkPolicy(policy);
  valid.add(policy);
}

async function checkPolicy({ document }: Policy): Promise<void> {
  const { Statement } = document as { Statement: readonly object[] };
  const { runSimulation } = await simulator();
  const names = Statement.some((each) => 'Principal' in each || 'NotPrincipal' in each);
  const simulated = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::000000000000:role/any',
        action: 'sts:GetCallerIdentity',
        resource: { resource: '*', accountId: '000000000000' },
        contextVariables: {},
      },
      identityPolicies: names ? [] : [{ name: 'policy', policy: document }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(names && { resourcePolicy: document }),
    },
    {},
  );
  if (simulated.resultType === 'error') {
    throw new Error(`local: not a policy: ${told(simulated)}: ${JSON.stringify(document)}`);
  }
}
