import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';

/** A retry policy is stored and shown, but never needed: Lambda always accepts a delivery here. */
const known: readonly string[] = ['Id', 'Arn', 'DeadLetterConfig', 'RetryPolicy'];

/** Refuses what PutTargets refuses, and settings that would change how a target is reached. */
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
