import { createHash } from 'node:crypto';
import { hourMs, minuteMs, secondMs } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import type { FunctionWiring, Wiring } from './runtime/wiring-types.ts';

/** What differs between a demonstration in seconds and an installation. */
export type Pace = {
  readonly timeoutMs: number;
  readonly retryDelaysMs: readonly number[];
  readonly pollMs: number;
  readonly spreadMs: number;
  readonly reprobeMs: number;
};

/** As it is installed on AWS. */
export const installedPace: Pace = {
  timeoutMs: 150 * secondMs,
  retryDelaysMs: [minuteMs, 10 * minuteMs, 100 * minuteMs, 24 * hourMs],
  pollMs: 4 * secondMs,
  spreadMs: 5 * minuteMs,
  reprobeMs: 6 * hourMs,
};

export type Names = ReturnType<typeof resourceNames>;

/** The installation's resources in one account. */
export function resourceNames({ home, replicas }: Pick<Config, 'home' | 'replicas'>) {
  const bucket = (region: string) => `certkeep-${home.account}-${region}`;
  return {
    installation: 'certkeep',
    bucket: bucket(home.region),
    replicaBuckets: new Map(replicas.map((region) => [region, bucket(region)])),
    configBucket: `cdk-hnb659fds-assets-${home.account}-${home.region}`,
    configKey: 'config/certkeep.json',
    keyId: 'alias/certkeep',
    /** Of the functions that reach other accounts, the role that each of them assumes there. */
    placeRoles: { deploy: 'certkeep-r-place', verify: 'certkeep-r-place-reader' },
    bus: 'certkeep',
    topic: 'certkeep-alerts',
    queues: {
      issue: 'certkeep-issue.fifo',
      deploy: 'certkeep-deploy.fifo',
      verify: 'certkeep-verify.fifo',
    },
    deadLetters: (queue: string) => queue.replace(/\.fifo$/, '-dead.fifo'),
  };
}

/** After two receives a message goes to the dead letters; check finds the work again from the ledger. */
export const maxReceives = 2;

/** A killed run's message returns after six times the function's timeout, as AWS asks for. */
export function visibilitySeconds(pace: Pace): number {
  return Math.ceil((6 * pace.timeoutMs) / secondMs);
}

function placeRoleOf({ placeRoles }: Names, name: string): Record<string, string> {
  if (name !== 'deploy' && name !== 'verify') return {};
  return { CERTKEEP_PLACE_ROLE: placeRoles[name] };
}

/** Which function runs when, and what it is told. The installation of `infra/` takes this page's place. */
export function wiring(options: {
  readonly names: Names;
  readonly pace: Pace;
  /** As deployedText gives it. */
  readonly configText: string;
  readonly queueUrl: (name: string) => string;
  readonly topicArn: string;
  readonly endpoint: string;
  readonly resolver: string;
}): Wiring {
  const { names, pace, queueUrl } = options;
  const environment = {
    AWS_ENDPOINT_URL: options.endpoint,
    CERTKEEP_INSTALLATION: names.installation,
    CERTKEEP_BUCKET: names.bucket,
    CERTKEEP_CONFIG_BUCKET: names.configBucket,
    CERTKEEP_CONFIG_KEY: names.configKey,
    CERTKEEP_CONFIG_SHA256: createHash('sha256').update(options.configText).digest('hex'),
    CERTKEEP_BUS: names.bus,
    CERTKEEP_ISSUE_QUEUE_URL: queueUrl(names.queues.issue),
    CERTKEEP_DEPLOY_QUEUE_URL: queueUrl(names.queues.deploy),
    CERTKEEP_VERIFY_QUEUE_URL: queueUrl(names.queues.verify),
    CERTKEEP_KEY_ID: names.keyId,
    CERTKEEP_TOPIC_ARN: options.topicArn,
    CERTKEEP_REPLICA_BUCKETS: [...names.replicaBuckets].map((pair) => pair.join('=')).join(','),
    CERTKEEP_RETRY_DELAYS_MS: pace.retryDelaysMs.join(','),
    CERTKEEP_POLL_MS: String(pace.pollMs),
    CERTKEEP_SPREAD_MS: String(pace.spreadMs),
    CERTKEEP_REPROBE_MS: String(pace.reprobeMs),
    CERTKEEP_RESOLVER: options.resolver,
  };
  const fn = (name: string): FunctionWiring => ({
    name,
    entry: `functions/${name}.ts`,
    timeoutMs: pace.timeoutMs,
    environment: { ...environment, ...placeRoleOf(names, name) },
  });
  return {
    functions: ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'].map(fn),
    queueSources: [
      { queue: names.queues.issue, function: 'issue', maxConcurrency: 5 },
      // ACM takes one import a second in an account and region.
      { queue: names.queues.deploy, function: 'deploy', maxConcurrency: 2 },
      { queue: names.queues.verify, function: 'verify', maxConcurrency: 5 },
    ],
    schedules: [
      { function: 'check', everyMs: 10 * minuteMs, input: {} },
      { function: 'verify', everyMs: 10 * minuteMs, input: { sweep: true } },
    ],
    eventRules: [
      {
        bus: names.bus,
        pattern: { source: ['certkeep'], 'detail-type': ['issued'] },
        function: 'sync',
      },
      { bus: names.bus, pattern: { source: ['certkeep'] }, function: 'alert' },
    ],
  };
}
