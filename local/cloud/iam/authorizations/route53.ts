import type { ChangeResourceRecordSetsCommandInput } from '@aws-sdk/client-route-53';
import { normalName } from '../../dns/names.ts';
import { placelessArnOf } from '../../wire/arn.ts';
import type { Reference } from './reference.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html */
export const route53Reference: Reference = {
  service: 'route53',
  resource({ Id, HostedZoneId }: { Id?: string; HostedZoneId?: string }, asker, operation) {
    const kind = operation === 'GetChange' ? 'change' : 'hostedzone';
    return placelessArnOf('route53', asker, `${kind}/${bare(Id ?? HostedZoneId)}`);
  },
  values({ ChangeBatch }: Partial<ChangeResourceRecordSetsCommandInput>) {
    const changes = ChangeBatch?.Changes ?? [];
    const sets = changes.map(({ ResourceRecordSet }) => ResourceRecordSet);
    const condition = 'route53:ChangeResourceRecordSets';
    return {
      [`${condition}NormalizedRecordNames`]: sets.map((set) => normalized(set?.Name ?? '')),
      [`${condition}RecordTypes`]: sets.map((set) => set?.Type ?? ''),
      [`${condition}Actions`]: changes.map(({ Action }) => Action ?? ''),
    };
  },
};

/** Ids may have the form of answers: `/hostedzone/Z1`. */
function bare(id: string | undefined): string {
  return (id ?? '').replace(/^\/?(hostedzone|change)\//, '');
}

/**
 * "The record name must be: all lowercase letters, without a trailing dot, with escape codes in the
 * format \three-digit octal code" for other characters (specifying-conditions-route53.html).
 */
function normalized(name: string): string {
  return normalName(name).replace(/\.$/, '');
}
