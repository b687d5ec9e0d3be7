import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { onAll, type Row, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logsTable: Table = {
  DescribeLogGroups: onAll('logs:DescribeLogGroups'),
  DescribeLogStreams: onGroup('logs:DescribeLogStreams'),
  FilterLogEvents: onGroup('logs:FilterLogEvents'),
  GetLogEvents: (input: GroupInput & { readonly logStreamName?: string }, asker) => [
    {
      action: 'logs:GetLogEvents',
      resource: `${groupArn(input, asker)}:log-stream:${input.logStreamName}`,
    },
  ],
};

type GroupInput = { readonly logGroupName?: string; readonly logGroupIdentifier?: string };

/** The ARN of a group ends with `:*` in policies. */
function onGroup(action: string): Row {
  return (input: GroupInput, asker) => [{ action, resource: `${groupArn(input, asker)}:*` }];
}

function groupArn({ logGroupIdentifier, logGroupName }: GroupInput, asker: Asker): string {
  const named = logGroupName ?? logGroupIdentifier ?? '';
  if (named.startsWith('arn:')) return named.replace(/:\*$/, '');
  return arnOf('logs', asker, `log-group:${named}`);
}
