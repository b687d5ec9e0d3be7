import type { ErrorName } from '#shared/errors.ts';
import type { Condition } from '#shared/status/condition.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { oneLine } from '#shared/text/plain-text.ts';
import { idsOf, type Thread } from './threads.ts';

/** The addresses in messages. */
export type Addresses = {
  /** The address of the runbook, without an anchor. */
  readonly runbook: string;
};

/** The facts of a message, besides the thread. */
export type Surroundings = {
  readonly status: Status;
  readonly addresses: Addresses;
  readonly now: Date;
};

/** SNS takes less than 100 characters on one line (API_Publish.html). */
export const longestSubject = 99;
/** One SMS of GSM letters (https://docs.aws.amazon.com/sns/latest/dg/sms_sms-to-phone.html: 140 bytes). */
export const longestShort = 140;
/** More are counted: status.json has them all. */
export const mostListed = 20;
export const longest = { detail: 600, name: 100 };

/** A service that does not answer says nothing of rights. */
const outages: readonly string[] = [
  'RunOutOfTime',
  'ServiceFailed',
  'ServiceThrottled',
] satisfies readonly ErrorName[];

/** The fact in one line: who, what, where, and the error's name. */
export function titleOf(thread: Thread): string {
  const { condition } = thread.lead;
  return `${whoOf(thread)} ${whatOf(condition, idsOf(thread).length)}: ${oneLine(condition.reason, longest.name)}`;
}

export function whoOf(thread: Thread): string {
  if (thread.lead.certificate === null) return 'certkeep';
  const [first, ...others] = idsOf(thread);
  if (first === undefined) return 'certkeep';
  return others.length === 0 ? oneLine(first, longest.name) : `${others.length + 1} certificates`;
}

function whatOf({ about, reason, status, type }: Condition, count: number): string {
  const there = about === null ? '' : oneLine(about, longest.name);
  switch (type) {
    case 'Issued':
      if (reason === 'Expired') return 'expired';
      return reason === 'Revoked' ? 'revoked by the CA' : 'cannot be issued';
    case 'Renewable':
      return about === null ? 'cannot be renewed' : `cannot be renewed by ${there}`;
    case 'Stored':
      return 'without a readable secret';
    case 'Configured':
      return about === null
        ? 'not kept as configured'
        : `not in the configuration, bound at ${there}`;
    case 'Unchallenged':
      return 'left in DNS';
    case 'Deployed':
      return count > 1 ? 'not deployed' : `not deployed to ${there}`;
    case 'Served':
      if (reason === 'ListenerNotFound')
        return count > 1 ? 'without their listener' : `without its listener ${there}`;
      if (status === 'unknown')
        return count > 1
          ? 'served or not, nobody knows'
          : `served by ${there} or not, nobody knows`;
      return count > 1 ? 'not served' : `not served by ${there}`;
    case 'Copied':
      return reason === 'CopiesNotSeen'
        ? `cannot see the copies in ${there}`
        : `not copied to ${there}`;
    case 'Checking':
      return reason === 'RecordUnread' ? 'cannot be checked' : 'cannot check everything';
    case 'Verifying':
      return 'does not look at endpoints in time';
    case 'Delivering':
      return 'does not deploy in time';
    case 'Permitted':
      return outages.includes(reason)
        ? `cannot try its rights in ${there}`
        : `lacks rights in ${there}`;
    case 'Watched':
      if (about?.startsWith('owner ')) return `speaks to nobody of ${there.replace('owner ', '')}`;
      if (reason === 'NobodyConfirmed' || reason === 'TopicClosed') return 'speaks to nobody';
      if (reason === 'TopicRefuses') return 'cannot send to your topic';
      return reason === 'SignOfLifeFailed'
        ? `sees its ${there} fail`
        : 'has alarms that cannot ring';
    case 'Discovered':
      if (reason === 'AwaitsApproval') return 'has found a tag that waits for approval';
      return reason === 'TagRemoved'
        ? 'misses a tag that was approved'
        : 'has found a tag that it cannot follow';
    case 'Alerting':
      return 'did not come to tell people';
  }
}

export function firstThatFits(forms: readonly string[], most: number): string {
  const fits = forms.find((form) => form.length <= most);
  return fits ?? `${(forms.at(-1) ?? '').slice(0, most - 3)}...`;
}

export function listText(ids: readonly string[]): string {
  const shown = ids.slice(0, mostListed).join(', ');
  return ids.length > mostListed ? `${shown} and ${ids.length - mostListed} more` : shown;
}
