import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { AssumeRole } from './place-credentials.ts';

/** No such role, one that does not trust us, or a home region that the other account has switched off. */
const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'RegionDisabledException',
]);

/**
 * Roles through STS. The client's region is asked, never the global endpoint: its sessions are good in
 * every region (API_AssumeRole.html), and last an hour, the most that one role gets of another.
 */
export function stsAssumeRole(client: STSClient, sessionName: string): AssumeRole {
  return async (RoleArn) => {
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName });
    const { Credentials: session } = await client.send(command).catch((cause: unknown) => {
      if (!refusals.has(errorName(cause))) throw cause;
      throw new CertkeepError('PlaceNotReachable', `STS: ${errorMessage(cause)}`, { cause });
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
