import type { Cloud } from 'local-cloud/cloud.ts';
import { arnOf, globalArnOf } from 'local-cloud/wire/arn.ts';
import type { Place } from 'local-cloud/wire/place.ts';
import type { Config } from '#shared/config/config.ts';
import { inLocalAccount } from './builder.ts';

/** Creates the user's own key for secrets with a replica for each region of copies, as people have them. Returns its ARN. */
export function createOwnKey(cloud: Cloud, config: Config): string | null {
  if (!config.keyStore?.kmsKey) return null;
  const home = inLocalAccount(config.home, config);
  const { arn, id } = cloud.kms.createKey(home, { multiRegion: true, description: 'secrets' });
  cloud.policies.put(arn, ofAccount(home));
  for (const region of config.replicas) {
    const there = { ...home, region };
    cloud.kms.replicateKey(there, { primaryArn: arn, description: 'secrets' });
    cloud.policies.put(arnOf('kms', there, `key/${id}`), ofAccount(home));
  }
  return arn;
}

/** The policy of a key that nobody has given one: IAM decides (key-policy-default.html). */
function ofAccount(place: Place) {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: globalArnOf('iam', place, 'root') },
    Action: 'kms:*',
    Resource: '*',
  };
  return { Version: '2012-10-17', Statement: [statement] };
}
