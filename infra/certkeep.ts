import { Stack, Token } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { listenerAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type BundleName, namesOf } from '#shared/installation.ts';
import { hasTurns, targetRegions } from '#shared/targets/identities.ts';
import { arnsIn } from './arns.ts';
import { bundleFunctions } from './bundle.ts';
import { createConfigAsset } from './config-asset.ts';
import { functionEnvironment } from './environment.ts';
import { CertkeepListenerRole } from './listener-role.ts';
import { createAlarms } from './parts/alarms.ts';
import { createTopic, createWatchTopic, subscribeEverybody } from './parts/alerts.ts';
import { createBus, createRules } from './parts/bus.ts';
import { createChallenge } from './parts/challenge.ts';
import { createExpiryRule } from './parts/expiring.ts';
import { createFunctions, type Functions } from './parts/functions.ts';
import { createQueues } from './parts/queues.ts';
import { createSchedules } from './parts/schedules.ts';
import { createQueueSources, keepFailedEvents } from './parts/sources.ts';
import { createBucket } from './parts/storage.ts';
import { summarizeInTemplate } from './parts/template-summary.ts';
import { createAccountWishes, createWishes } from './parts/wishes.ts';
import { permanentListeners } from './rights/places.ts';
import { challengeRights, functionRights } from './rights/rights.ts';
import type { Timings } from './timings.ts';
import { readWeakly } from './weak-references.ts';

export type CertkeepProps = {
  /** From `readConfig`, which checks the whole file first. */
  readonly config: Config;
  /** The key from the stack that `addKeyStack` adds, which is deployed before this one. */
  readonly key: Key;
  /** The functions' waits; their own defaults unless given. */
  readonly timings?: Timings;
  /** Three months by default. */
  readonly logRetention?: RetentionDays;
  /** The directory of each function's bundle; bundled now unless given. */
  readonly code?: ReadonlyMap<BundleName, string>;
};

/**
 * The home of an installation, in the order of its story: storage, queues, the six functions, their triggers, the topics,
 * the alarms, and the first check.
 * @throws Error where the stack is in another account or region than the configuration's home
 */
export class Certkeep extends Construct {
  readonly bucket: Bucket;
  /** Over which alert tells people. */
  readonly topic: Topic;
  /** Over which alarms, and ACM itself, tell people. */
  readonly watchTopic: Topic;
  readonly functions: Functions;

  constructor(scope: Construct, id: string, props: CertkeepProps) {
    super(scope, id);
    readWeakly(this);
    const { config, key, timings = {} } = props;
    const names = namesOf(config);
    assertHome(Stack.of(this), config.home);

    this.bucket = createBucket(this, names.bucket, { config, encryptionKey: key });
    const asset = createConfigAsset(this, config);
    summarizeInTemplate(this, config);

    const arn = arnsIn(config.home);
    const queues = createQueues(
      this,
      names,
      (name) => arn.role(names.role(name)),
      hasTurns(config),
    );
    const bus = createBus(this, names);
    this.topic = createTopic(this, names, key, config.alerts.email);
    this.watchTopic = createWatchTopic(this, names);
    const { region } = config.home;
    if (targetRegions(config).includes(region)) {
      createExpiryRule(this, { config, region, topic: this.watchTopic });
    }

    const surroundings = {
      keyArn: key.keyArn,
      replicaKeyArn: (region: string) => arn.key(region, key.keyId),
      configBucket: asset.bucket,
    };
    const code = props.code ?? bundleFunctions();
    const logRetention = props.logRetention ?? RetentionDays.THREE_MONTHS;
    this.functions = createFunctions(this, {
      names,
      code,
      environment: (name) =>
        functionEnvironment(name, {
          config,
          names,
          timings,
          asset,
          queueUrl: (queue) => queues[queue].queue.queueUrl,
          laterQueueUrl: queues.later?.queueUrl ?? null,
          topicArn: this.topic.topicArn,
          keyArn: key.keyArn,
        }),
      rights: (name) => functionRights(name, config, surroundings),
      logRetention,
    });

    const permanent = permanentListeners(config);
    if (permanent.length > 0) {
      createChallenge(this, {
        config,
        names,
        code,
        logRetention,
        listeners: permanent,
        rights: challengeRights(config, surroundings),
      });
    }
    if (listenerAccounts(config).includes(config.home.account)) {
      new CertkeepListenerRole(this, 'Listeners', { config, account: config.home.account });
    }

    createQueueSources(this, { config, functions: this.functions, queues });
    createRules(this, bus, this.functions, queues.deadEvents);
    createWishes(this, this.functions.check);
    createAccountWishes(this, this.functions.issue);
    keepFailedEvents(this, this.functions, queues.deadEvents);
    const alarms = createAlarms(this, {
      names,
      queues,
      functions: this.functions,
      topic: this.watchTopic,
      runbook: config.alerts.runbook,
    });
    subscribeEverybody(this.watchTopic, config.alerts.email, alarms);
    createSchedules(this, {
      names,
      functions: this.functions,
      deadEvents: queues.deadEvents,
      configDigest: asset.sha256,
    });
  }
}

function assertHome(stack: Stack, { account, region }: Config['home']): void {
  const isElsewhere = (there: string, here: string) => !Token.isUnresolved(there) && there !== here;
  if (!isElsewhere(stack.account, account) && !isElsewhere(stack.region, region)) return;
  throw new Error(
    `The configuration's home is ${account}/${region}, this stack is in ${stack.account}/${stack.region}. Give the stack env: { account: '${account}', region: '${region}' }.`,
  );
}
