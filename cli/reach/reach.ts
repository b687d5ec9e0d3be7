import { existsSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { namesOf } from '#shared/installation.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { systemClock } from '#shared/time/clock.ts';
import { findKeptCloud } from './kept-cloud.ts';
import { type LocateAsks, type Location, locate } from './locate.ts';
import type { ReachOptions } from './options.ts';
import { readFailure } from './read-failure.ts';
import { settingsAt } from './settings.ts';

/** An installation that can be read. */
export type Reached = {
  readonly location: Location;
  readonly objects: Pick<ObjectStore, 'get'>;
};

/** @throws CommandFailed where the installation cannot be found; reading from it throws the same */
export async function reach(options: ReachOptions): Promise<Reached> {
  const location = await locate(options, asks);
  const { account, installation, region } = location;
  const client = new S3Client(clientOptions(settingsAt(location)));
  const { bucket } = namesOf({ installation, home: { account, region } });
  const objects = s3ObjectStore({ client, bucket, owner: account, clock: systemClock });
  return {
    location,
    objects: {
      async get(key, most) {
        try {
          return await objects.get(key, most);
        } catch (error) {
          throw readFailure(error, { bucket, key, location });
        }
      },
    },
  };
}

/** The file that is read where it is there and nobody has named another. */
const usualConfig = 'certkeep.yaml';

const asks: LocateAsks = {
  keptCloud: findKeptCloud,
  async configured(named) {
    const path = named ?? (existsSync(usualConfig) ? usualConfig : null);
    if (path === null) return null;
    // Loads the parser of YAML, which nothing else needs.
    const { configuredHome } = await import('./configured-home.ts');
    return configuredHome(path);
  },
  usualRegion,
  async callerAccount(region) {
    // Most people name the account in their file.
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
    try {
      const client = new STSClient(clientOptions({ region }));
      const { Account = '' } = await client.send(new GetCallerIdentityCommand({}));
      return Account;
    } catch (error) {
      throw readFailure(error, null);
    }
  },
};

/** The SDK knows AWS_REGION and the profile; the aws command line has a second variable. */
export async function usualRegion(): Promise<string | null> {
  try {
    return await new S3Client({}).config.region();
  } catch (error) {
    if (error instanceof Error && error.message === 'Region is missing') {
      return process.env.AWS_DEFAULT_REGION ?? null;
    }
    throw readFailure(error, null);
  }
}
