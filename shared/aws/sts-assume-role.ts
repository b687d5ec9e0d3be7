import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CertkeepError, type ErrorName, errorMessage, errorName } from '#shared/errors.ts';
import type { RoleSession } from './kept-sessions.ts';

export type AssumeRole = (roleArn: string, externalId?: string) => Promise<RoleSession>;

/** No such role, one that does not trust us, or a home region that the other account has switched off. */
const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'RegionDisabledException',
]);

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
  return async (RoleArn, externalId) => {
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: sessionName,
      ...(externalId !== undefined && { ExternalId: externalId }),
    });
    const { Credentials: session } = await client.send(command).catch((cause: unknown) => {
      if (!refusals.has(errorName(cause))) throw cause;
      throw new CertkeepError(refusedAs, `STS: ${errorMessage(cause)}`, { cause });
    });
    if (!session?.AccessKeyId || !session.SecretAccessKey || !session.Expiration) {
      throw new Error(`sts: the answer to assuming ${RoleArn} came without credentials`);
    }
    return {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      ...(session.SessionToken && { sessionToken: session.SessionToken }),
      expiration: session.Expiration,
    };
  };
}
