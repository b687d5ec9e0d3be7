import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CertkeepError, catalogue, type ErrorName } from '#shared/errors.ts';
import type { RoleSession } from './kept-sessions.ts';
import { serviceCalls } from './service-errors.ts';

export type AssumeRole = (roleArn: string, externalId?: string) => Promise<RoleSession>;

/**
 * Assumes roles through STS. It uses the client's region, never the global endpoint: its sessions are valid in every region
 * (API_AssumeRole.html) and last an hour, the maximum when one role assumes another. A refusal becomes the given error.
 */
export function stsAssumeRole(
  client: STSClient,
  sessionName: string,
  refusedAs: ErrorName = 'PlaceNotReachable',
): AssumeRole {
  const { stage } = catalogue[refusedAs];
  const known = {
    // The role does not exist, or does not trust us.
    AccessDenied: refusedAs,
    AccessDeniedException: refusedAs,
    // The other account has disabled the home region.
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
