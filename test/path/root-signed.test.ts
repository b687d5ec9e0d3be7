import { webcrypto, X509Certificate } from 'node:crypto';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as x509 from '@peculiar/x509';
import { sceneryClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const onAlb = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);
const withoutTarget = configText('  shop: {names: [example.com], issuer: local}\n');

/** The CA signs with its root, and sends it with the certificate or does not. */
async function signWithRoot(sendsRoot: boolean): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  const notBefore = addMs(world.clock.now(), -dayMs);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Corp Root',
    keys,
    notBefore,
    notAfter: addMs(notBefore, 3_650 * dayMs),
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: async (usual) => {
      const reply = await usual();
      if (reply.status !== 200) return reply;
      const leaf = new x509.X509Certificate(new X509Certificate(String(reply.body)).raw);
      const again = await x509.X509CertificateGenerator.create({
        serialNumber: leaf.serialNumber,
        subject: leaf.subject,
        issuer: root.subject,
        notBefore: leaf.notBefore,
        notAfter: leaf.notAfter,
        publicKey: leaf.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: signing,
        extensions: leaf.extensions.filter(({ type }) => type !== '2.5.29.35'),
      });
      const sent = sendsRoot ? [again, root] : [again];
      return { ...reply, body: `${sent.map((each) => each.toString('pem')).join('\n')}\n` };
    },
  });
}

async function loseRecord(): Promise<void> {
  const s3 = new S3Client({ ...sceneryClient(world.cloud, 'us-east-1'), forcePathStyle: true });
  const { bucket: Bucket } = world.names;
  for (const writer of writers) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: partKey(writer, 'shop') }));
  }
}

test('a certificate signed by a root is deployed with the root as its chain', async () => {
  world = await startWorld(onAlb);
  await signWithRoot(true);
  await world.check();
  await world.live(hourMs);
  const { deployments, versions } = world.record('shop');
  expect(Object.values(deployments)).toMatchObject([{ state: 'proven', failure: null }]);
  expect(await world.served('shop')).toEqual(new Set([versions[0]?.serial]));
});

test('without the root ACM refuses it, and people are told what ACM says', async () => {
  world = await startWorld(onAlb);
  await signWithRoot(false);
  await world.check();
  const [deployment] = Object.values(world.record('shop').deployments);
  expect(deployment?.failure).toMatchObject({ error: 'ImportRefused' });
  expect(deployment?.failure?.message).toContain('certificate chain');
});

test.each([
  ['with its root', true],
  ['alone', false],
])(
  'an empty ledger beside a stored certificate that came %s adopts it and orders nothing',
  async (_, sendsRoot) => {
    world = await startWorld(withoutTarget);
    await signWithRoot(sendsRoot);
    await world.check();
    const { serial } = world.record('shop').versions[0] ?? expect.unreachable('it was issued');
    await loseRecord();
    await world.live(hourMs);
    expect(world.record('shop').versions).toMatchObject([{ serial }]);
    expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  },
);
