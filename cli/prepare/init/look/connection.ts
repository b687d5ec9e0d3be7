import { type ClientOptions, clientOptions } from '#shared/aws/clients.ts';
import { regionPattern } from '#shared/region.ts';
import { CommandFailed } from '../../../failure.ts';
import { findKeptCloud } from '../../../reach/kept-cloud.ts';
import { usualRegion } from '../../../reach/reach.ts';
import { readFailure } from '../../../reach/read-failure.ts';

/** How to ask AWS, and where. */
export type Connection = {
  readonly account: string;
  readonly regions: readonly string[];
  clients(region: string): ClientOptions;
};

/** ACM's calls share ten a second: a throttled one is repeated with growing waits. */
const maxAttempts = 8;

/**
 * Finds out who asks. @throws CommandFailed without credentials, without a region, or where no local cloud is kept
 */
export async function connect({
  isLocal,
  regions: asked,
}: {
  readonly isLocal: boolean;
  readonly regions: readonly string[];
}): Promise<Connection> {
  const kept = isLocal ? findKeptCloud() : null;
  if (isLocal && !kept) {
    throw new CommandFailed('no local cloud is kept running here', 'npm start -- --keep');
  }
  const usual = asked.length > 0 ? null : (kept?.region ?? (await usualRegion()));
  const regions = usual ? [usual] : [...new Set(asked)];
  const wrong = regions.filter((region) => !regionPattern.test(region));
  if (wrong.length > 0 || regions.length === 0) {
    const why =
      wrong.length > 0 ? `"${wrong[0]}" is not the name of a region` : 'no region is given';
    throw new CommandFailed(why, 'npx certkeep init --region REGION');
  }
  const clients = (region: string) =>
    clientOptions(
      kept
        ? { region, endpoint: kept.endpoint, credentials: kept.credentials, maxAttempts: 1 }
        : { region, maxAttempts },
    );
  return { account: await callerAccount(clients(regions[0] ?? '')), regions, clients };
}

async function callerAccount(options: ClientOptions): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const { Account } = await new STSClient(options).send(new GetCallerIdentityCommand({}));
    if (Account) return Account;
  } catch (error) {
    throw readFailure(error, null);
  }
  throw new CommandFailed(
    'AWS does not say whose credentials these are',
    'aws sts get-caller-identity',
  );
}
