import { clientOptions } from '#shared/aws/clients.ts';
import type { Location } from '../../reach/locate.ts';
import { readFailure } from '../../reach/read-failure.ts';
import { settingsAt } from '../../reach/settings.ts';

/** The record keeps so much (shared/check/request.ts); the ARN of a user with a long path may be longer. */
const longest = 200;

/**
 * Returns the ARN of the caller, as AWS knows the credentials. Everybody may ask that of themselves.
 * @throws CommandFailed
 */
export async function callerArn(location: Location): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const client = new STSClient(clientOptions(settingsAt(location)));
    const { Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return Arn.length > longest ? `${Arn.slice(0, longest - 1)}…` : Arn;
  } catch (error) {
    throw readFailure(error, location.endpoint ? { bucket: '', key: '', location } : null);
  }
}
