import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { clientOptions } from '#shared/aws/clients.ts';
import { errorName } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { partitionOf } from '#shared/region.ts';
import { callFailure } from '../../reach/call-failure.ts';
import type { Location } from '../../reach/locate.ts';
import { settingsAt } from '../../reach/settings.ts';
import type { ReadPage } from './log-event.ts';

/** Others in the account use up the same few requests a second; the SDK waits longer before each try. */
const maxAttempts = 8;

/** Reads pages of CloudWatch Logs. @throws CommandFailed */
export function logPages(location: Location): ReadPage {
  const { account, installation, region } = location;
  const client = new CloudWatchLogsClient(clientOptions({ maxAttempts, ...settingsAt(location) }));
  const names = namesOf({ installation, home: { account, region } });
  return async (functionName, { fromMs, pattern, token }) => {
    const group = `arn:${partitionOf(region)}:logs:${region}:${account}:log-group:${names.logGroup(functionName)}`;
    const command = new FilterLogEventsCommand({
      // By its ARN, so that the same name in another account is no answer.
      logGroupIdentifier: group,
      filterPattern: pattern,
      startTime: fromMs,
      ...(token !== null && { nextToken: token }),
    });
    try {
      const { events = [], nextToken } = await client.send(command);
      return {
        events: events.map(({ eventId = '', message = '', timestamp = 0 }) => ({
          id: eventId,
          atMs: timestamp,
          functionName,
          line: message,
        })),
        next: nextToken ?? null,
      };
    } catch (error) {
      if (errorName(error) === 'ResourceNotFoundException') return null;
      throw callFailure(error, { location, right: `logs:FilterLogEvents on ${group}:*` });
    }
  };
}
