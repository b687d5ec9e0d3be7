import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';

export type Role = { readonly roleArn: string; readonly externalId?: string };

type Session = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration: Date;
};

/** No such role, one that does not trust us or our external id, or a region that is switched off there. */
const refusals: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'RegionDisabledException',
  'ValidationError',
]);

/** A session is replaced this long before its end: every call that begins with it ends in time. */
const spareMs = 5 * minuteMs;

/** Credentials for SDK clients that act in a role; all clients of a role share one session. */
export function roleCredentials(options: {
  readonly client: STSClient;
  readonly sessionName: string;
  readonly clock: Clock;
}): (role: Role) => () => Promise<Session> {
  const { clock } = options;
  const sessions = new Map<string, Promise<Session>>();

  async function current(role: Role): Promise<Session> {
    const key = JSON.stringify([role.roleArn, role.externalId ?? null]);
    const kept = sessions.get(key);
    const session = await kept;
    if (session && addMs(clock.now(), spareMs) < session.expiration) return session;
    // Asked once for all who wait; a refusal is not remembered.
    const asked = sessions.get(key);
    if (asked && asked !== kept) return asked;
    const asking = assume(options, role).catch((error) => {
      sessions.delete(key);
      throw error;
    });
    sessions.set(key, asking);
    return asking;
  }

  // The SDK would remember an answer by the time of the machine instead of ours.
  return (role) => Object.assign(() => current(role), { memoized: true });
}

/** @throws CertkeepError DnsCredentialsRefused */
async function assume(
  { client, sessionName }: { readonly client: STSClient; readonly sessionName: string },
  { roleArn, externalId }: Role,
): Promise<Session> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
  });
  const { Credentials } = await client.send(command).catch((cause: unknown) => {
    if (!refusals.has(errorName(cause))) throw cause;
    const message = `role ${roleArn}: ${errorName(cause)}: ${errorMessage(cause)}`;
    throw new CertkeepError('DnsCredentialsRefused', message, { cause });
  });
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.Expiration) {
    throw new Error(`sts: the answer to assuming ${roleArn} came without credentials`);
  }
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    ...(Credentials.SessionToken && { sessionToken: Credentials.SessionToken }),
    expiration: Credentials.Expiration,
  };
}
