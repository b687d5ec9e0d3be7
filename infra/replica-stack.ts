import { Stack } from 'aws-cdk-lib';
import { type CfnReplicaKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { targetRegions } from '#shared/targets/identities.ts';
import { createHomeAlarm } from './parts/alarms.ts';
import { createWatchTopic, subscribeEverybody } from './parts/alerts.ts';
import { createExpiryRule } from './parts/expiring.ts';
import { createAlias, createBucket } from './parts/storage.ts';
import { readWeakly } from './weak-references.ts';

/**
 * The stack of a further region: the bucket for copies, and an alias for the key. The first one also watches home, and ACM
 * reports over its topic what ends there.
 */
export class CertkeepReplicaStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly config: Config;
      readonly region: string;
      /** The key's replica in that region. */
      readonly key: CfnReplicaKey;
    },
  ) {
    const { config, region, key } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.replicaStack,
      description: `certkeep: the copy of ${names.installation} in ${region}.`,
      env: { account: config.home.account, region },
    });
    readWeakly(this);
    createAlias(this, names.keyAlias, key.ref);
    createBucket(this, names.replicaBucket(region), {
      config,
      encryptionKey: Key.fromKeyArn(this, 'Key', key.attrArn),
    });
    const watchesHome = region === config.replicas[0];
    const hasTargets = targetRegions(config).includes(region);
    if (!watchesHome && !hasTargets) return;
    const { email, runbook } = config.alerts;
    const topic = createWatchTopic(this, names);
    const alarms = watchesHome ? [createHomeAlarm(this, { names, runbook, topic })] : [];
    subscribeEverybody(topic, email, alarms);
    if (hasTargets) createExpiryRule(this, { config, region, topic });
  }
}
