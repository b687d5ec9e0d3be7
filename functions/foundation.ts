import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { eventBridgeBus } from '#shared/adapters/eventbridge-bus.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { sqsWorkQueues } from '#shared/adapters/sqs-work-queues.ts';
import { type ClientOptions, type ClientSettings, clientOptions } from '#shared/aws/clients.ts';
import type { Config } from '#shared/config/config.ts';
import { loadConfig } from '#shared/config/deployed.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Environment } from './environment.ts';

/** The inputs of a run besides its own clients: given by Lambda's runtime, or by a test. */
export type Surroundings = {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly clientSettings: Omit<ClientSettings, 'region'>;
};

/** The parts that every function uses. */
export type Foundation = Surroundings & {
  readonly config: Config;
  readonly objects: ObjectStore;
  readonly ledger: Ledger;
  readonly queues: ReturnType<typeof sqsWorkQueues>;
  readonly bus: EventBus;
  /** Options for a client of the home region, or of another one. */
  readonly clients: (region?: string) => ClientOptions;
};

/** @param writer the function's name as a writer of records */
export async function layFoundation(
  surroundings: Surroundings,
  writer: Writer,
): Promise<Foundation> {
  const { environment, clock, clientSettings } = surroundings;
  const clients = (region = environment.AWS_REGION) => clientOptions({ ...clientSettings, region });
  const home = clients();
  const s3 = new S3Client(home);
  const owner = environment.CERTKEEP_ACCOUNT;
  const objectsIn = (bucket: string) => s3ObjectStore({ client: s3, bucket, owner, clock });
  const objects = objectsIn(environment.CERTKEEP_BUCKET);
  const config = await loadConfig(objectsIn(environment.CERTKEEP_CONFIG_BUCKET), {
    key: environment.CERTKEEP_CONFIG_KEY,
    sha256: environment.CERTKEEP_CONFIG_SHA256,
  });
  const queueUrls = {
    issue: environment.CERTKEEP_ISSUE_QUEUE_URL,
    deploy: environment.CERTKEEP_DEPLOY_QUEUE_URL,
    verify: environment.CERTKEEP_VERIFY_QUEUE_URL,
  };
  return {
    ...surroundings,
    config,
    objects,
    ledger: s3Ledger({ objects, clock, log: surroundings.log, writer }),
    queues: sqsWorkQueues({ client: new SQSClient(home), queueUrls, clock }),
    bus: eventBridgeBus({ client: new EventBridgeClient(home), busName: environment.CERTKEEP_BUS }),
    clients,
  };
}
