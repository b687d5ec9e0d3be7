import { type ClientOptions, clientOptions, type Identity } from '#shared/aws/clients.ts';
import { asCredentials, keptSessions } from '#shared/aws/kept-sessions.ts';
import { oncePerPlace, type Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { Clock } from '#shared/time/clock.ts';
import { readFailure } from '../reach/read-failure.ts';

/** Where AWS is, and with whose credentials; by default, as the SDK finds both. */
export type Connection = {
  readonly endpoint?: string;
  readonly credentials?: Identity;
};

export type Caller = { readonly account: string; readonly arn: string };

/** AWS, as the caller may look at it. */
export type Aws = {
  readonly caller: Caller;
  /**
   * Options for SDK clients of a place: with the caller's own credentials in the caller's account, and in any other
   * through the role that `cdk bootstrap` makes there for those who look (`cdk-…-lookup-role-…`).
   */
  optionsIn(place: Place): ClientOptions;
};

/** The name that `cdk bootstrap` gives it. The region is the one that was bootstrapped; the role reads everywhere. */
export function lookupRole({ account, region }: Place): string {
  return `arn:${partitionOf(region)}:iam::${account}:role/cdk-hnb659fds-lookup-role-${account}-${region}`;
}

/** @throws CommandFailed where AWS cannot be reached, or does not take the credentials */
export async function awsAsCaller({
  clock,
  connection,
  region,
}: {
  readonly clock: Clock;
  readonly connection: Connection;
  /** The region of the lookup roles, and of STS. */
  readonly region: string;
}): Promise<Aws> {
  const settings = { ...connection, ...(connection.endpoint && { maxAttempts: 1 }) };
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { stsAssumeRole } = await import('#shared/aws/sts-assume-role.ts');
  const sts = new STSClient(clientOptions({ ...settings, region }));
  const sessionFor = keptSessions(clock);
  const assumeRole = stsAssumeRole(sts, 'certkeep-look');
  const caller = await sts.send(new GetCallerIdentityCommand({})).then(
    ({ Account: account = '', Arn: arn = '' }) => ({ account, arn }),
    (error) => {
      throw readFailure(error, null);
    },
  );
  return {
    caller,
    optionsIn: oncePerPlace(({ account, region: there }) => {
      if (account === caller.account) return clientOptions({ ...settings, region: there });
      const role = lookupRole({ account, region });
      const credentials = asCredentials(() => sessionFor(role, () => assumeRole(role)));
      return clientOptions({ ...settings, region: there, credentials });
    }),
  };
}
