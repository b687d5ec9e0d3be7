import type { CreateSecretRequest } from '@aws-sdk/client-secrets-manager';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { sceneryClient } from 'local-cloud/operator.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import { textWith } from '#shared/deploy/verify/later-proofs.ts';
import { certificateSecret } from '#shared/installation.ts';
import { versionToken } from '#shared/keystores/secrets-manager/material.ts';
import { partsOf } from '#shared/ledger/parts/whole.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { type CertificateRecord, emptyRecord } from '#shared/ledger/record/record.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { placeKey } from '#shared/place.ts';
import { identitiesOf, placesOfAll } from '#shared/targets/identities.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { startWorld } from '#test/support/world.ts';
import { fleetText } from '../fleet/text.ts';

export type FleetState = 'healthy' | 'due';

/**
 * Each twenty have a listener, and the ports of this machine are finite. The others have no listener, and check has looked at
 * their secrets a moment ago.
 */
const mostServed = 10_000;

/** The functions that have written about a certificate that is served. */
const writersOfServed = ['issue', 'deploy', 'verify'] as const;

/** An installation whose records and secrets are there, and whose functions have not run yet. */
export async function startFleet(options: {
  readonly certificates: number;
  readonly state: FleetState;
  readonly answersAfterMs: number;
}) {
  const now = new Date();
  const clock = virtualClock(now);
  const text = fleetText(options.certificates, { served: mostServed });
  const world = await startWorld(text, { clock, mayDeny: true });
  const { cloud, landscape, names } = world;
  // No function takes the messages that check sends.
  world.dispatcher.stop();
  const { config } = landscape;
  const scenery = sceneryClient(cloud, config.home.region);
  const call = { ...config.home, accessKeyId: scenery.credentials.accessKeyId };
  const age = options.state === 'due' ? 61 : 10;
  const issuedAt = addMs(now, -age * dayMs);
  const { certificatePem } = await makeCertificate({ now: issuedAt });
  const put = (Key: string, Body: string) =>
    ask(cloud.s3, 'PutObject', { Bucket: names.bucket, Key, Body: Buffer.from(Body) }, call);
  const proofs: Record<string, string> = {};
  const provenAt = addMs(now, -9 * dayMs).toISOString();
  for (const [at, { id, issuers, key, names: wanted, targets }] of config.certificates.entries()) {
    const version = describeVersion(certificatePem, {
      id: 'v1',
      names: [...wanted],
      keyAlgorithm: key,
      issuer: issuers[0] ?? '',
      orderUrl: null,
      issuedAt: issuedAt.toISOString(),
    });
    const deployments = identitiesOf({ id, targets }, config.home).map(({ key, place }) => [
      key,
      {
        ...{ state: 'proven' as const, place: placeKey(place), versionId: 'v1' },
        arn: `arn:aws:acm:us-east-1:123456789012:certificate/${at}`,
        ...{ previous: null, baselineSerial: null, probe: null, failure: null },
        changedAt: issuedAt.toISOString(),
        provenAt,
        nextProbeAt: addMs(now, -9 * dayMs + 6 * hourMs).toISOString(),
      },
    ]);
    const record: CertificateRecord = {
      ...emptyRecord(id, issuedAt),
      desired: 'v1',
      versions: [version],
      deployments: Object.fromEntries(deployments),
      renewalInfo: {
        ...{ versionId: 'v1', askedAt: now.toISOString(), window: null, explanationUrl: null },
        ...{ failures: 0, failure: null },
        nextCheckAt: addMs(now, (2 + (at % 40) / 10) * hourMs).toISOString(),
      },
      history: Array.from({ length: 20 }, () => ({
        ...{ at: issuedAt.toISOString(), stage: 'issue' as const, what: 'attempt begun' },
        why: 'expires in 30 days',
      })),
    };
    // Since then every proof has shown the same; none is due within the next hour.
    const provenAgain = addMs(now, -(at % 50) * 6 * minuteMs);
    const again = Object.keys(record.deployments).map((key) => ({
      ...{ key, repeats: provenAt, at: provenAgain.toISOString() },
      nextProbeAt: addMs(provenAgain, 6 * hourMs).toISOString(),
      lookedAt: provenAgain.toISOString(),
    }));
    proofs[id] = textWith(record, undefined, again, now);
    const whole = partsOf(record);
    // Issue wrote about it from the beginning.
    const parts = { ...whole, issue: { ...whole.issue, hasWhole: false } };
    for (const writer of writersOfServed) put(partKey(writer, id), JSON.stringify(parts[writer]));
    put(publicPartKeys(id, 'v1').certificate, certificatePem);
    if (at >= mostServed) continue;
    const secret: CreateSecretRequest = {
      Name: certificateSecret(config.installation, id),
      SecretString: '{}',
      ClientRequestToken: versionToken(id, 'v1', 'full'),
    };
    ask(cloud.secrets, 'CreateSecret', secret, call);
  }
  // Check has looked at every secret within the last day.
  const secrets = config.certificates.map(({ id }, index, { length }) => {
    const ago = index < mostServed ? index / Math.min(length, mostServed) : 0;
    const at = addMs(now, -ago * dayMs).toISOString();
    return [id, { versionId: 'v1', at, state: 'there' }];
  });
  const observed = JSON.stringify({ secrets: Object.fromEntries(secrets) });
  put('observations/check.json', observed);
  // Verify has just looked at all listeners.
  const seen = { begunAt: now.toISOString(), next: null, seenAt: now.toISOString() };
  const rounds = placesOfAll(config).map((place) => [place, seen]);
  put('listeners/rounds.json', JSON.stringify(Object.fromEntries(rounds)));
  put('observations/verify.json', JSON.stringify({ since: issuedAt.toISOString(), proofs }));
  const check = [...cloud.lambda.functions.values()].find(
    ({ name }) => name === names.functionName('check'),
  );
  if (!check) throw new Error('check was not deployed');
  cloud.faults.add({
    when: () => true,
    fault: { do: 'delay', ms: options.answersAfterMs },
    times: Number.POSITIVE_INFINITY,
  });
  return {
    environment: (memory: number): Record<string, string> => ({
      ...check.environment,
      CERTKEEP_CHECK_ARN: check.arn,
      AWS_REGION: config.home.region,
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ACCESS_KEY_ID: scenery.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: scenery.credentials.secretAccessKey,
      AWS_LAMBDA_FUNCTION_NAME: check.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
      TZ: 'UTC',
    }),
    /** Takes away what check knows of records. */
    forget: () => put('observations/check.json', observed),
    close: world.close,
  };
}
