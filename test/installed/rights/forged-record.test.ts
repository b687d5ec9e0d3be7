import { ACM } from '@aws-sdk/client-acm';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { importInput, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { forgeRecord } from '#test/support/forge-record.ts';
import { startWorld, type World } from '#test/support/world.ts';

const region = 'us-east-1';
const place = `000000000000/${region}`;

let world: World;
let theirs: string;
beforeAll(async () => {
  world = await startWorld(
    configText(`
  shop:
    names: [example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('shop')}"}]
`),
    // Some calls of alert are denied.
    { mayDeny: true },
  );
  await world.check();
  await world.live(20 * minuteMs);
  // Another team's certificate, with every tag that a person who may import and tag certificates can set.
  const now = world.clock.now();
  const made = await makeCertificate({ names: ['example.com'], now });
  const Tags = [{ Key: 'certkeep:previous-of:shop', Value: 'yes' }];
  const input = { ...importInput(made), Tags };
  const { CertificateArn } = await new ACM(operatorClient(world.cloud, region)).importCertificate(
    input,
  );
  theirs = CertificateArn as string;
});
afterAll(() => world?.close());

/** Writes the record as somebody who may write to the bucket, which no function may. */
function forge(change: (record: CertificateRecord) => CertificateRecord): Promise<void> {
  return forgeRecord(world, 'shop', change);
}

test('the weakest role can write none of it', async () => {
  const alert = [...world.cloud.lambda.functions.values()].find((one) => stageOf(one) === 'alert');
  if (!alert) throw new Error('there is no function alert');
  const credentials = roleKeys(world.cloud.accounts)(alert);
  const options = { endpoint: world.cloud.endpoint, region, credentials, forcePathStyle: true };
  const s3 = new S3Client(options);
  for (const writer of writers) {
    const at = { Bucket: world.names.bucket, Key: partKey(writer, 'shop') };
    await expect(s3.send(new PutObjectCommand({ ...at, Body: '{}' }))).rejects.toThrow(
      /not authorized/,
    );
  }
});

function deployment(record: CertificateRecord): readonly [string, Deployment] {
  const [entry] = Object.entries(record.deployments);
  if (!entry) throw new Error('nothing is deployed');
  return entry;
}

async function deployed(): Promise<void> {
  world.dispatcher.invokeLater('deploy', { certificate: 'shop', place });
  await world.live(30 * minuteMs);
}

/** Checks that clients get the serials of the version that was issued. */
async function expectOursServed(): Promise<void> {
  const record = world.record('shop');
  const { serial } = record.versions.find(({ id }) => id === record.desired) ?? {};
  expect(await world.served('shop')).toEqual(new Set([serial]));
}

test('a forged way back leads to no certificate of another team, and people hear of ArnNotOurs', async () => {
  await forge((record) => {
    const [key, known] = deployment(record);
    const previous = { arn: theirs, versionId: null, notAfter: '2099-01-01T00:00:00.000Z' };
    const forged = { ...known, state: 'contradicted' as const, provenAt: null, previous };
    return { ...record, deployments: { [key]: { ...forged, failure: null } } };
  });
  await deployed();
  await expectOursServed();
  expect(world.told().join()).toContain('ArnNotOurs');
  expect(deployment(world.record('shop'))[1].state).toBe('proven');
});

test.each<[string, (record: CertificateRecord) => CertificateRecord]>([
  ['the one in use', (record) => withEntry(record, { arn: theirs })],
  [
    'published, and put back to',
    (record) => {
      const [key, known] = deployment(record);
      const forged = { ...known, arn: theirs, state: 'contradicted' as const, provenAt: null };
      const changed = withEntry(record, { arn: theirs, publishedArn: null });
      return { ...changed, deployments: { [key]: { ...forged, failure: null } } };
    },
  ],
  [
    'an earlier one',
    (record) =>
      withEntry(record, {
        retired: [
          {
            arn: theirs,
            lookAgainAt: new Date(0).toISOString(),
            unusedSince: new Date(0).toISOString(),
          },
        ],
      }),
  ],
])(
  'an ARN of another team that the record calls ours, as %s, is neither bound nor imported onto, deleted or published',
  async (_, change) => {
    const before = await held();
    await forge(change);
    await deployed();
    await expectOursServed();
    expect(await held()).toEqual(before);
    const published = world.cloud.ssm.valueOf('/certkeep/shop/certificate-arn', {
      account: '000000000000',
      region,
    });
    expect(published).not.toBe(theirs);
  },
);

async function held(): Promise<string | undefined> {
  const acm = new ACM(operatorClient(world.cloud, region));
  return (await acm.getCertificate({ CertificateArn: theirs })).Certificate;
}

function withEntry(
  record: CertificateRecord,
  change: Partial<CertificateRecord['imports'][string]>,
): CertificateRecord {
  const entry = record.imports[place];
  if (!entry) throw new Error('nothing is imported');
  return { ...record, imports: { [place]: { ...entry, ...change } } };
}
