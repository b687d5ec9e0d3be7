import type { PolicyDocument } from './roles/service.ts';

/** The policies of buckets, keys, queues, topics, buses and functions, by the resource's ARN. */
export type ResourcePolicies = {
  /** The policy of a resource; null where it has none. */
  of(arn: string): PolicyDocument | null;
  /** Null removes the policy. */
  put(arn: string, policy: PolicyDocument | null): void;
  /** One statement of a policy that consists of them: Lambda's AddPermission, EventBridge's PutPermission. */
  putStatement(arn: string, id: string, statement: PolicyDocument | null): void;
};

/** Calls back on every change, for whoever evaluates policies. */
export function resourcePolicies(
  onChange: (arn: string, policy: PolicyDocument | null) => void,
): ResourcePolicies {
  const present = new Map<string, PolicyDocument>();
  function change(arn: string, policy: PolicyDocument | null): void {
    if (policy) present.set(arn, policy);
    else present.delete(arn);
    onChange(arn, policy);
  }
  const made = new Map<string, Map<string, PolicyDocument>>();
  return {
    of: (arn) => present.get(arn) ?? null,
    put(arn, policy) {
      if (!policy) made.delete(arn);
      change(arn, policy);
    },
    putStatement(arn, id, statement) {
      const statements = made.get(arn) ?? new Map<string, PolicyDocument>();
      made.set(arn, statements);
      if (statement) statements.set(id, statement);
      else statements.delete(id);
      const policy = { Version: '2012-10-17', Statement: [...statements.values()] };
      change(arn, statements.size > 0 ? policy : null);
    },
  };
}
