import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { namesOf } from '#shared/installation.ts';
import { createWatchTopic, subscribeEverybody } from './parts/alerts.ts';
import { createExpiryRule, type ExpiryProps } from './parts/expiring.ts';

/** The stack of a region of the home account that has targets, and no other stack: over it ACM reports certificates that are about to end. */
export class CertkeepWatchStack extends Stack {
  constructor(scope: Construct, id: string, { config, region }: ExpiryProps) {
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.watchStack,
      description: `certkeep: tells people of certificates of ${names.installation} in ${region} that are about to end.`,
      env: { account: config.home.account, region },
    });
    // Not the name that it has in the stack of a copy, which stays when its region leaves `replicas`.
    const topic = createWatchTopic(this, names, names.watchStack);
    subscribeEverybody(topic, config.alerts.email);
    createExpiryRule(this, { config, region, topic });
  }
}
