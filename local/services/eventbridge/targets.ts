import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '#local/wire/service.ts';
import { notImplemented } from '../not-implemented.ts';

/** A retry policy is kept and shown: what is delivered to Lambda here is always taken. */
const known: readonly string[] = ['Id', 'Arn', 'DeadLetterConfig', 'RetryPolicy'];

/** Throws for what PutTargets refuses, and for what would change how a target is reached. */
export function assertTargets(targets: readonly Target[]): void {
  for (const target of targets) {
    const given = Object.entries(target).filter(([, value]) => value !== undefined);
    const foreign = given.find(([member]) => !known.includes(member));
    if (foreign) throw notImplemented('PutTargets', foreign[0]);
    if (!/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+$/.test(target.Arn ?? '')) {
      throw notImplemented('PutTargets', `the target ${target.Arn}`);
    }
  }
}

/** "A rule can have up to five targets" (EventBridge quotas). */
export function assertNotTooMany(targets: ReadonlyMap<string, Target>): void {
  if (targets.size <= 5) return;
  throw new AwsError(
    'LimitExceededException',
    'The requested resource exceeds the maximum number allowed.',
  );
}
