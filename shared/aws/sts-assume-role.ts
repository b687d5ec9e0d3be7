import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CertkeepError, catalogue, type ErrorName } from '#shared/errors.ts';
import type { RoleSession } from './kept-sessions.ts';
import { serviceCalls } from './service-errors.ts';

export type AssumeRole = (roleArn: string, externalId?: string) => Promise<RoleSession>;

/**
 * Roles through STS. The client's region is asked, never the global endpoint: its sessions are good in
 * every region (API_AssumeRole.html), and last an hour, the most that one role gets of another. A role that
 * is refused is told as the error given.
 */
export function stsAssumeRole(
  client: STSClient,
  sessionName: string,
  refusedAs: ErrorName = 'PlaceNotReachable',
): AssumeRole {
  const { stage } = catalogue[refusedAs];
  const known = {
    // No such role, or one that does not trust us.
    AccessDenied: refusedAs,
    AccessDeniedException: refusedAs,
    // The other account has switched the home region off.
    RegionDisabledException: refusedAs,
  };
  const named = serviceCalls({ service: 'STS', stage, known });
  return async (RoleArn, externalId) => {
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: sessionName,
      ...(externalId !== undefined && { ExternalId: externalId }),
    });
    const { Credentials: session } = await named('AssumeRole', RoleArn, () => client.send(command));
    if (!session?.AccessKeyId || !session.SecretAccessKey || !session.Expiration) {
      const message = `STS: AssumeRole ${RoleArn}: the answer came without credentials`;
      throw new CertkeepError('ServiceFailed', message, { stage });
    }
    return {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      ...(session.SessionToken && { sessionToken: session.SessionToken }),
      expiration: session.Expiration,
    };
  };
}
