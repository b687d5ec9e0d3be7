import { dayMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';

export type LogEvent = {
  readonly id: string;
  readonly stream: string;
  readonly at: Date;
  readonly line: string;
};

export type LogGroup = Place & {
  readonly name: string;
  readonly arn: string;
  /** Null for unlimited. */
  readonly retentionDays: number | null;
  readonly createdAt: Date;
  /** In the order in which they were written. */
  readonly events: LogEvent[];
};

export type LogState = {
  find(place: Place, name: string): LogGroup | null;
  /** In the order of their names. */
  all(place: Place): readonly LogGroup[];
  now(): Date;
};

/** Removes what is older than the group keeps; AWS takes up to three days for it (PutRetentionPolicy). */
export function withoutOld({ events, retentionDays }: LogGroup, now: Date): void {
  if (retentionDays === null) return;
  const oldestMs = now.getTime() - retentionDays * dayMs;
  if (!events[0] || events[0].at.getTime() >= oldestMs) return;
  const kept = events.filter(({ at }) => at.getTime() >= oldestMs);
  events.splice(0, events.length, ...kept);
}

/** By its name, or by its ARN with or without `:*`, with what it still keeps. @throws AwsError ResourceNotFoundException */
export function groupAt(
  state: LogState,
  {
    logGroupIdentifier,
    logGroupName,
  }: {
    readonly logGroupName?: string | undefined;
    readonly logGroupIdentifier?: string | undefined;
  },
  place: Place,
): LogGroup {
  const named = logGroupName ?? logGroupIdentifier ?? '';
  const name = named.replace(/^arn:[^:]*:logs:[^:]*:\d{12}:log-group:/, '').replace(/:\*$/, '');
  const group = state.find(place, name);
  if (!group) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  withoutOld(group, state.now());
  return group;
}
