import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { assertTransformer } from './input-transformer.ts';

/**
 * A retry policy is stored and shown, but never needed: Lambda and SNS always accept a delivery here. A topic has no dead
 * letters here, and gets its text from a template.
 */
const known = {
  lambda: ['Id', 'Arn', 'DeadLetterConfig', 'RetryPolicy'],
  sns: ['Id', 'Arn', 'InputTransformer', 'RetryPolicy'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The service of a target; null for one that is not implemented. */
export function targetService(arn: string | undefined): keyof typeof known | null {
  if (/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+$/.test(arn ?? '')) return 'lambda';
  return /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn ?? '') ? 'sns' : null;
}

/** Refuses what PutTargets refuses, and settings that would change how a target is reached. */
export function assertTargets(targets: readonly Target[]): void {
  for (const target of targets) {
    const service = targetService(target.Arn);
    if (!service) throw notImplemented('PutTargets', `the target ${target.Arn}`);
    const members: readonly string[] = known[service];
    const given = Object.entries(target).filter(([, value]) => value !== undefined);
    const foreign = given.find(([member]) => !members.includes(member));
    if (foreign) throw notImplemented('PutTargets', foreign[0]);
    if (target.InputTransformer) assertTransformer(target.InputTransformer);
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
