import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { personWithDocumentedRights } from '#test/support/documented-rights.ts';
import { configText } from '#test/support/fleet.ts';
import { privateKeysIn, textsWithKey } from '#test/support/key-traces.ts';
import { hasScript, onTerminal, runBeside } from '#test/support/run-beside.ts';
import { type Ended, runCertkeep } from '#test/support/run-certkeep.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
let server: NodeJS.ProcessEnv;
let base: string;
let directory: string;
const printed: string[] = [];

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'certkeep-export-'));
  const source = configText(`
  shop: {names: [shop.example.com], issuer: local}
  blog: {names: [blog.example.com], issuer: local}
`);
  const clock = virtualClock(addMs(new Date(), -hourMs));
  world = await startWorld(source, { clock, mayDeny: true });
  await world.check();
  server = personWithDocumentedRights(world.cloud, 'server', ['Files for a server']);
});
beforeEach(() => {
  directory = join(mkdtempSync(join(base, 'of-a-test-')), 'shop');
});
afterAll(async () => {
  rmSync(base, { recursive: true });
  await world?.close();
});

async function exported(...args: readonly string[]): Promise<Ended> {
  const ended = await runCertkeep(['export', ...args, '--out', directory], server);
  printed.push(ended.stdout, ended.stderr);
  return ended;
}

const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');
const fails = '--reload=exit 7';
const reloads = () => `--reload=echo reloaded >> ${join(directory, '..', 'reloads')}`;
const reloaded = () =>
  readFileSync(join(directory, '..', 'reloads'), 'utf8').split('\n').length - 1;

test('a server with its documented rights gets the pair in service, and reloads', async () => {
  const { code, stderr, stdout } = await exported('shop', '--for', 'shop.example.com', reloads());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^wrote privkey.pem, fullchain.pem, chain.pem, cert.pem in /);
  const leaf = new X509Certificate(textOf('fullchain.pem'));
  expect(leaf.serialNumber).toBe(world.record('shop').versions[0]?.serial);
  expect(leaf.checkPrivateKey(createPrivateKey(textOf('privkey.pem')))).toBe(true);
  expect(statSync(join(directory, 'privkey.pem')).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(reloaded()).toBe(1);

  // Nothing has changed: nothing is said or run.
  expect(await exported('shop', reloads())).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(reloaded()).toBe(1);
  expect(readdirSync(directory)).toHaveLength(4);
});

test('a reload that fails ends it with its code, and is run again by the next export', async () => {
  const { code, stderr } = await exported('shop', fails);
  expect(code).toBe(7);
  expect(stderr).toContain('the reload has failed with 7');
  expect(stderr).toMatch(/\nNext: exit 7\n$/);
  expect((await exported('shop', fails)).code).toBe(7);
  expect((await exported('shop', reloads())).code).toBe(0);
  expect(reloaded()).toBe(1);
  expect((await exported('shop', fails)).code).toBe(0);
});

test('a renewal changes the files, with the next export', async () => {
  await exported('shop');
  const before = textOf('cert.pem');
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  expect((await exported('shop', reloads())).stdout).toMatch(/^wrote privkey.pem, fullchain.pem,/);
  expect(textOf('cert.pem')).not.toBe(before);
  expect(reloaded()).toBe(1);
});

test('PKCS #12 takes its password from a file, of which it says where others may read it', async () => {
  const path = join(base, 'password');
  writeFileSync(path, 'of the test\n', { mode: 0o644 });
  const args = ['shop', '--format', 'pfx', '--password-file', path];
  const { code, stderr } = await exported(...args);
  expect(code).toBe(0);
  expect(stderr).toContain(`others may read the password: chmod 600 ${path}`);
  const pfx = readFileSync(join(directory, 'certificate.pfx'));
  expect(createSecureContext({ pfx, passphrase: 'of the test' })).toBeDefined();
  expect((await exported(...args)).stdout).toBe('');
});

test.skipIf(!hasScript)('a person types the password twice, and sees none of it', async () => {
  const typed = ['hunter-2', 'hunter-2', 'qwerty-1', 'asdfgh-3'];
  const [first = '', again = '', one = '', another = ''] = typed;
  const typing = (...answers: readonly [string, string]) => {
    const questions = ['Password of', 'Again'].map(
      (each, at) => [each, answers[at] ?? ''] as const,
    );
    const args = ['export', 'shop', '--format', 'pfx', '--out', directory];
    return runBeside(world, args, { env: server, ...onTerminal(questions) });
  };
  const wrong = await typing(one, another);
  expect(wrong).toMatchObject({ code: 2, stdout: expect.stringContaining('passwords differ') });
  const right = await typing(first, again);
  expect(right.code).toBe(0);
  const pfx = readFileSync(join(directory, 'certificate.pfx'));
  expect(createSecureContext({ pfx, passphrase: first })).toBeDefined();
  expect(typed.filter((each) => (wrong.stdout + right.stdout).includes(each))).toEqual([]);
});

test.each([
  [
    'a certificate of which it has no right to the key',
    ['blog'],
    'it needs secretsmanager:GetSecretValue on arn:aws:secretsmanager:us-east-1:000000000000:secret:certkeep/blog-??????, and kms:Decrypt',
    'aws sts get-caller-identity',
  ],
  ['another name', ['shop', '--for', 'a.test'], 'it is not for a.test', 'npx certkeep show shop'],
  ['what can be no id', ['../shop'], '"../shop" cannot be the id', 'npx certkeep status'],
  [
    'PKCS #12 where nobody can be asked',
    ['shop', '--format', 'pfx'],
    'needs a password',
    'npx certkeep export --help',
  ],
  [
    'PEM with a password',
    ['shop', '--password-file', 'a'],
    'PEM files have no password',
    'npx certkeep export --help',
  ],
])('%s: nothing is written, and it says why', async (_, args, message, next) => {
  const { code, stderr, stdout } = await exported(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Next: ${next}`);
  expect(readdirSync(join(directory, '..'))).toEqual([]);
});

test('nothing that was printed holds a key', () => {
  const keys = privateKeysIn(world.cloud.secrets.values());
  expect(keys.length).toBeGreaterThan(2);
  expect(printed.length).toBeGreaterThan(20);
  expect(textsWithKey(printed, keys)).toEqual([]);
});
