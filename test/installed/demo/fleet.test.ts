import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fleet } from '#local/demo/fleet.ts';
import { txtValues } from '#local/demo/foreign-txt.ts';
import { inbox, isOfBeginning } from '#local/demo/output/inbox.ts';
import { recordOf } from '#local/demo/report.ts';
import { type Played, runFleet } from '#local/demo/run.ts';
import { type Setting, startSetting } from '#local/demo/setting.ts';
import { readSource, type Source } from '#local/demo/source.ts';
import { privateKeysIn, textsWithKey } from '#test/support/key-traces.ts';

let setting: Setting;
let played: Played;
const lines: string[] = [];

beforeAll(async () => {
  const source = (await readSource(undefined)) as Source;
  setting = await startSetting({
    source,
    past: fleet.past,
    foreignTxt: fleet.foreignTxt,
    onLog: (_, line) => lines.push(line),
    onStep: (step) => lines.push(step),
  });
  played = await runFleet(setting, () => undefined);
}, 120_000);
afterAll(() => setting.close());

function of(id: string) {
  const found = played.certificates.find((certificate) => certificate.id === id);
  if (!found) throw new Error(`${id} was not played`);
  return found;
}

test('every endpoint of the fleet serves what the ledger says', () => {
  expect(played.ok).toBe(true);
  expect(played.certificates.map(({ id, issued }) => [id, issued])).toEqual([
    ['blog', true],
    ['shop', true],
    ['docs', false],
    ['api', true],
    ['app', true],
    ['login', false],
    ['login-rsa', true],
  ]);
});

test('the reasons are those of the story', () => {
  expect(of('blog')).toMatchObject({ reason: 'there is no certificate yet', oldSerial: null });
  expect(of('shop').reason).toBe('expires in 5 days');
  expect(of('docs').oldSerial).toBe(of('docs').newSerial);
  expect(of('api').reason).toBe('names changed: +status.example.net');
});

test('a renewed certificate stays on its ARN, and a new one gets an ARN', () => {
  for (const id of ['shop', 'api']) {
    const [place] = Object.values(recordOf(setting, id).imports);
    expect(place?.retired).toEqual([]);
    expect(place?.previousVersionId).toBe(`seed-${id}`);
  }
});

test('no challenge value of ours is left, and the foreign one is', () => {
  expect(txtValues(setting.cloud, fleet.foreignTxt.name)).toEqual([`"${fleet.foreignTxt.value}"`]);
  for (const name of ['example.org', 'api.example.net', 'status.example.net']) {
    expect(txtValues(setting.cloud, `_acme-challenge.${name}`)).toEqual([]);
  }
});

test.each(['blog.example.com', 'any.blog.example.com'])(
  'openssl gets the new leaf and its whole chain without the root for %s',
  async (name) => {
    const [alb] = of('blog').targets;
    const pems = await sClient(alb?.port ?? 0, name);
    const [leaf, ...chain] = pems.map((pem) => new X509Certificate(pem));
    expect(leaf?.serialNumber).toBe(of('blog').newSerial);
    expect(chain.length).toBeGreaterThan(0);
    let subject = leaf;
    for (const issuer of chain) {
      expect(subject?.verify(issuer.publicKey)).toBe(true);
      expect(issuer.subject).not.toBe(issuer.issuer);
      subject = issuer;
    }
    expect(subject?.verify(new X509Certificate(setting.cloud.ca.issuanceRootPem).publicKey)).toBe(
      true,
    );
  },
);

test('openssl gets the new leaf where the console has put the old default into the list', async () => {
  const [alb] = of('app').targets;
  const [leaf] = await sClient(alb?.port ?? 0, 'app.example.com');
  expect(new X509Certificate(leaf ?? '').serialNumber).toBe(of('app').newSerial);
});

test.each([
  ['login', 'ECDSA+SHA256'],
  ['login-rsa', 'RSA-PSS+SHA256:RSA+SHA256'],
])('openssl gets %s with signatures by %s', async (id, sigalgs) => {
  const [alb] = of(id).targets;
  const [leaf] = await sClient(alb?.port ?? 0, 'login.example.com', '-sigalgs', sigalgs);
  expect(new X509Certificate(leaf ?? '').serialNumber).toBe(of(id).newSerial);
});

test('people hear of the whole fleet first, and in the end that all is well', () => {
  // An alarm that begins is well at the next full minute, which may be before the first check has ended.
  const [first] = setting.cloud.sns.published().filter((letter) => !isOfBeginning(letter));
  expect(first?.message).toContain('it is the first message of this installation');
  const told = setting.cloud.s3.bytesOf(setting.names.bucket, 'told/told.json');
  expect(JSON.parse(Buffer.from(told ?? []).toString())).toMatchObject({
    threads: {},
    sending: {},
  });
});

test('nothing printed, logged, stored in the ledger or sent holds a private or account key', () => {
  const keys = privateKeysIn(setting.cloud.secrets.values());
  // Seven certificates, all but one renewed or new, and the CA account.
  expect(keys.length).toBeGreaterThanOrEqual(10);
  const { bucket, replicaBuckets } = setting.names;
  const stored = [bucket, ...replicaBuckets.values()].flatMap((name) =>
    setting.cloud.s3
      .keysOf(name)
      .map((key) => Buffer.from(setting.cloud.s3.bytesOf(name, key) ?? []).toString()),
  );
  const told = [inbox(setting.cloud.sns.published()), JSON.stringify(setting.cloud.events.events)];
  expect(lines.length).toBeGreaterThan(20);
  expect(textsWithKey([...lines, ...stored, ...told], keys)).toEqual([]);
});

/** What `openssl s_client -servername` shows. */
function sClient(
  port: number,
  name: string,
  ...more: readonly string[]
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const to = ['-connect', `127.0.0.1:${port}`, '-servername', name];
    const args = ['s_client', ...to, '-showcerts', ...more];
    const child = execFile('openssl', args, { timeout: 10_000 }, (error, stdout) => {
      if (error) return reject(error);
      resolve(stdout.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []);
    });
    child.stdin?.end();
  });
}
