import * as z from 'zod/mini';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { Config } from '#shared/config/config.ts';
import { loadConfig } from '#shared/config/deployed.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed } from '../failure.ts';
import type { Location } from './locate.ts';
import { readFailure } from './read-failure.ts';

/** Where a function finds its configuration. */
const variables = z.object({
  CERTKEEP_CONFIG_BUCKET: z.string(),
  CERTKEEP_CONFIG_KEY: z.string(),
  CERTKEEP_CONFIG_SHA256: z.string(),
});

/**
 * Reads the configuration that check has, as check itself does. Null where there is no such function.
 * @throws CommandFailed where it cannot be read
 */
export async function deployedConfig(location: Location): Promise<Config | null> {
  const source = await sourceOf(location);
  if (source === null) return null;
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { CERTKEEP_CONFIG_BUCKET: bucket, CERTKEEP_CONFIG_KEY: key } = source;
  const client = new S3Client(optionsOf(location));
  const objects = s3ObjectStore({ client, bucket, owner: location.account, clock: systemClock });
  try {
    return await loadConfig(objects, { key, sha256: source.CERTKEEP_CONFIG_SHA256 });
  } catch (error) {
    if (isCertkeepError(error)) {
      const message = `the deployed configuration cannot be read: ${errorMessage(error)}`;
      throw new CommandFailed(message, 'npx cdk diff', { cause: error });
    }
    throw readFailure(error, { bucket, key, location });
  }
}

async function sourceOf(location: Location) {
  const { account, installation, region } = location;
  const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const name = namesOf({ installation, home: { account, region } }).function('check');
  // The account is in it, since the credentials may be of another one.
  const FunctionName = `${account}:function:${name}`;
  try {
    const client = new LambdaClient(optionsOf(location));
    const found = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { data } = variables.safeParse(found.Environment?.Variables);
    if (data) return data;
  } catch (error) {
    if (errorName(error) === 'ResourceNotFoundException') return null;
    throw readFailure(error, null);
  }
  throw new CommandFailed(
    `the function ${name} in ${account}/${region} names no configuration: it is not certkeep's, or its variables may not be read`,
    'aws sts get-caller-identity',
  );
}

function optionsOf({ credentials, endpoint, region }: Location) {
  return clientOptions({
    region,
    ...(endpoint && { endpoint, maxAttempts: 1 }),
    ...(credentials && { credentials }),
  });
}
