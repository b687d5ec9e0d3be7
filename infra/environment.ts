import { listenerAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import type { FunctionName, QueueName, ResourceNames } from '#shared/installation.ts';
import type { ConfigAsset } from './config-asset.ts';
import { type Timings, timingVariables } from './timings.ts';

/** The environment of a function; `functions/environment.ts` reads it. */
export function functionEnvironment(
  name: FunctionName,
  given: {
    readonly config: Config;
    readonly names: ResourceNames;
    readonly timings: Timings;
    readonly asset: ConfigAsset;
    readonly queueUrl: (queue: QueueName) => string;
    readonly laterQueueUrl: string | null;
    readonly topicArn: string;
    readonly keyArn: string;
  },
): Record<string, string> {
  const { asset, config, keyArn, laterQueueUrl, names, queueUrl, timings, topicArn } = given;
  const placeRole = placeRoleOf(name, names);
  return {
    CERTKEEP_INSTALLATION: names.installation,
    CERTKEEP_ACCOUNT: config.home.account,
    CERTKEEP_BUCKET: names.bucket,
    CERTKEEP_CONFIG_BUCKET: asset.bucket,
    CERTKEEP_CONFIG_KEY: asset.key,
    CERTKEEP_CONFIG_SHA256: asset.sha256,
    CERTKEEP_BUS: names.bus,
    CERTKEEP_ISSUE_QUEUE_URL: queueUrl('issue'),
    CERTKEEP_DEPLOY_QUEUE_URL: queueUrl('deploy'),
    CERTKEEP_VERIFY_QUEUE_URL: queueUrl('verify'),
    CERTKEEP_ISSUE_FUNCTION: names.function('issue'),
    CERTKEEP_DEPLOY_FUNCTION: names.function('deploy'),
    CERTKEEP_VERIFY_FUNCTION: names.function('verify'),
    CERTKEEP_SYNC_FUNCTION: names.function('sync'),
    CERTKEEP_TOPIC_ARN: topicArn,
    CERTKEEP_REPLICA_BUCKETS: config.replicas
      .map((region) => `${region}=${names.replicaBucket(region)}`)
      .join(','),
    CERTKEEP_KEY_ID: names.keyAlias,
    ...(name === 'alert' && { CERTKEEP_KEY_ARN: keyArn }),
    ...(name === 'deploy' && laterQueueUrl && { CERTKEEP_LATER_QUEUE_URL: laterQueueUrl }),
    ...(placeRole && { CERTKEEP_PLACE_ROLE: placeRole }),
    ...(name === 'issue' &&
      listenerAccounts(config).length > 0 && { CERTKEEP_LISTENER_ROLE: names.listenerRole }),
    ...timingVariables(timings),
  };
}

function placeRoleOf(name: FunctionName, names: ResourceNames): string | null {
  if (name === 'deploy') return names.placeRole;
  return name === 'verify' ? names.placeReaderRole : null;
}
