import { createHash } from 'node:crypto';
import type { MadeCertificate } from 'local-cloud/kit/certificates.ts';
import { certificateFor } from 'local-cloud/kit/clouds/certificates.ts';
import { clientsOf } from 'local-cloud/kit/clouds/clients.ts';
import {
  type CloudUnderTest,
  homeRegion,
  otherRegion,
  uniqueName,
} from 'local-cloud/kit/clouds/cloud.ts';
import { configText, createBucket, createQueue } from 'local-cloud/kit/clouds/installation.ts';
import { composeKeyStore } from '#functions/compose/key-store.ts';
import { composePlaces } from '#functions/compose/places.ts';
import { composeTargets } from '#functions/compose/targets.ts';
import { readEnvironment } from '#functions/environment.ts';
import { type Foundation, layFoundation } from '#functions/foundation.ts';
import { composeSync } from '#functions/sync.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { storeVersion } from '#shared/acquire/store/store.ts';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import { deployedText } from '#shared/config/deployed.ts';
import { deploy } from '#shared/deploy/deploy.ts';
import type { Probe } from '#shared/deploy/probe/probe.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { LedgerEvent, Version } from '#shared/ledger/record/record.ts';
import { Secret } from '#shared/secret.ts';
import { addMs } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { parsed } from '#test/support/config-yaml.ts';
import { verifyRun } from '#test/support/verify-run.ts';
import { silent } from './endpoints.ts';
import { certificateManagerOn } from './moto-serial.ts';

export type Stage = Awaited<ReturnType<typeof stageOn>>;

const configKey = 'config/certkeep.json';

/** What certkeep runs on, and its stages for the one certificate `shop`, with real clients. */
export async function stageOn(
  cloud: CloudUnderTest,
  { targetsYaml, probe = silent }: { readonly targetsYaml: string; readonly probe?: Probe },
) {
  const place = `${cloud.account}/${homeRegion}`;
  const bucket = await createBucket(cloud, homeRegion);
  const replica = await createBucket(cloud, otherRegion);
  const config = deployedText(parsed(configText(cloud, targetsYaml)).config);
  const { s3, events } = clientsOf(cloud);
  await s3.putObject({ Bucket: bucket, Key: configKey, Body: Buffer.from(config) });
  const bus = uniqueName('certkeep');
  await events.createEventBus({ Name: bus });
  const queue = await createQueue(cloud);
  const surroundings = {
    environment: readEnvironment({
      AWS_REGION: homeRegion,
      CERTKEEP_INSTALLATION: 'certkeep',
      CERTKEEP_ACCOUNT: cloud.account,
      CERTKEEP_BUCKET: bucket,
      CERTKEEP_CONFIG_BUCKET: bucket,
      CERTKEEP_CONFIG_KEY: configKey,
      CERTKEEP_CONFIG_SHA256: createHash('sha256').update(config).digest('hex'),
      CERTKEEP_BUS: bus,
      CERTKEEP_ISSUE_QUEUE_URL: queue,
      CERTKEEP_DEPLOY_QUEUE_URL: queue,
      CERTKEEP_VERIFY_QUEUE_URL: queue,
      CERTKEEP_ISSUE_FUNCTION: 'certkeep-issue',
      CERTKEEP_DEPLOY_FUNCTION: 'certkeep-deploy',
      CERTKEEP_VERIFY_FUNCTION: 'certkeep-verify',
      CERTKEEP_SYNC_FUNCTION: 'certkeep-sync',
      CERTKEEP_KEY_ID: 'alias/aws/secretsmanager',
      CERTKEEP_REPLICA_BUCKETS: `${otherRegion}=${replica}`,
      CERTKEEP_POLL_MS: '100',
    }),
    clock: cloud.clock,
    log: { info() {}, warn() {}, error() {} },
    clientSettings: cloud.clientOptions(),
  };
  const [issue, deploying, verifying, syncing] = (await Promise.all(
    (['issue', 'deploy', 'verify', 'sync'] as const).map((writer) =>
      layFoundation(surroundings, writer),
    ),
  )) as [Foundation, Foundation, Foundation, Foundation];
  const keyStore = await composeKeyStore(issue);
  const targetsOf = await composeTargets(deploying, composePlaces(deploying, 'deploy'), 'deploy');
  const ports = (foundation: Foundation, asked: Probe) => ({
    ...foundation,
    installation: foundation.environment.CERTKEEP_INSTALLATION,
    keyStore,
    certificateManagerFor: () => certificateManagerOn(cloud),
    publisherFor: () => ssmArnPublisher(clientsOf(cloud).ssm),
    targetsOf,
    probe: asked,
    functions: { start: async () => undefined },
    retryDelaysMs: [1_000],
    // What is bound counts here at once: load balancer nodes are no part of what is compared.
    settings: { spreadMs: 0, pollMs: 100, patienceMs: 0, resumeMs: 0, reprobeMs: 0 },
  });
  const invocation = () => ({
    id: uniqueName('run'),
    deadline: addMs(cloud.clock.now(), 150_000),
  });
  return {
    bucket,
    replica,
    keyStore,
    ledger: wholeLedger({ objects: issue.objects, clock: cloud.clock }),
    store: (id: string, made?: MadeCertificate) => store(cloud, issue, id, made),
    deploy: (asked = probe) =>
      deploy(ports(deploying, asked), { certificate: 'shop', place }, invocation()),
    verify: (asked = probe) => verifyRun(ports(verifying, asked), 'shop', invocation()),
    async sync() {
      const event = (await record(issue)).outbox[0] as LedgerEvent;
      await (await composeSync(syncing))([event], invocation());
    },
    record: () => record(syncing),
  };
}

async function record({ ledger }: Foundation) {
  const found = await ledger.read('shop');
  if (!found) throw new Error('there is no record of shop');
  return found;
}

/** Stores a new certificate as a version of `shop`, as issue does with what a CA gave it. */
async function store(
  cloud: CloudUnderTest,
  foundation: Foundation,
  id: string,
  given?: MadeCertificate,
): Promise<Version> {
  const made = given ?? (await certificateFor(cloud, { key: 'rsa-2048' }));
  const read = readCertificate(made.certificatePem);
  const version: Version = {
    id,
    serial: read.serial,
    names: [...read.names],
    keyAlgorithm: 'rsa-2048',
    notBefore: read.notBefore.toISOString(),
    notAfter: read.notAfter.toISOString(),
    fingerprintSha256: read.fingerprintSha256,
    issuer: 'local',
    orderUrl: null,
    issuedAt: cloud.clock.now().toISOString(),
  };
  const material = { ...made, keyPem: new Secret(made.keyPem) };
  const mine = heldRecord((change) => foundation.ledger.update('shop', change));
  await storeVersion(
    { ...foundation, mine, keyStore: await composeKeyStore(foundation) },
    'shop',
    version,
    material,
  );
  await cloud.waits.untilConsistent();
  return version;
}
