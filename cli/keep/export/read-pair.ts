import { clientOptions } from '#shared/aws/clients.ts';
import { errorName, isCertkeepError } from '#shared/errors.ts';
import { namesOf } from '#shared/installation.ts';
import { isWhole, type WholeVersion } from '#shared/keystores/key-store.ts';
import { partitionOf } from '#shared/region.ts';
import { CommandFailed } from '../../failure.ts';
import { callFailure } from '../../reach/call-failure.ts';
import type { Location } from '../../reach/locate.ts';
import { settingsAt } from '../../reach/settings.ts';

/**
 * Reads the version in service from the key store, with the rights of the caller: CloudTrail writes down who has read it.
 * @throws CommandFailed, CertkeepError
 */
export async function readPair(location: Location, id: string): Promise<WholeVersion> {
  const [{ secretsClientWith }, { openedMaterial }] = await Promise.all([
    import('#shared/keystores/secrets-manager/client.ts'),
    import('#shared/keystores/secrets-manager/material.ts'),
  ]);
  const { account, installation, region } = location;
  const secret = namesOf({ installation, home: { account, region } }).certificateSecret(id);
  const client = secretsClientWith(clientOptions(settingsAt(location)));
  const sealed = await client.read(secret, null).catch((error) => {
    throw meaningOf(error, location, secret);
  });
  if (!sealed) {
    throw new CommandFailed(
      `there is no secret ${secret} in ${account}/${region}`,
      'npx certkeep status',
    );
  }
  const pair = openedMaterial(secret, sealed);
  if (isWhole(pair)) return pair;
  throw new CommandFailed(`${id} has no certificate yet`, `npx certkeep show ${id}`);
}

function meaningOf(error: unknown, location: Location, secret: string): unknown {
  const cause = isCertkeepError(error) ? error.cause : error;
  const { account, region } = location;
  const arn = `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${secret}-??????`;
  const right = `secretsmanager:GetSecretValue on ${arn}, and kms:Decrypt on the key of the installation`;
  const meaning = callFailure(cause, { location, right });
  return meaning instanceof CommandFailed && errorName(cause) !== '' ? meaning : error;
}
