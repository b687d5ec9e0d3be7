import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { step } from '#test/support/full.ts';

const script = join(import.meta.dirname, '../../../examples/certkeep-files.sh');

/** Every program that the script starts. */
const programs = [
  ...['aws', 'cat', 'chmod', 'cmp', 'flock', 'grep', 'ln', 'mkdir', 'mktemp', 'mv', 'openssl'],
  ...['readlink', 'rm', 'sed', 'sh', 'sync'],
] as const;

let base: string;
let first: MadeCertificate;
let second: MadeCertificate;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'certkeep-files-'));
  mkdirSync(join(base, 'bin'));
  for (const program of programs) shim(program);
  const names = ['shop.example.com'];
  first = await makeCertificate({ names, key: 'ecdsa-p256', now: new Date() });
  second = await makeCertificate({ names, key: 'ecdsa-p256', now: new Date() });
});
afterEach(() => rmSync(base, { recursive: true }));

/**
 * Stands before a program on the path and counts the calls of all. At the call of KILL_AT, script and program are killed,
 * before the program starts or after its work is done. `aws` prints what the secret holds, as the command line does.
 */
function shim(program: (typeof programs)[number]): void {
  const isAws = program === 'aws';
  const real = isAws ? `cat '${join(base, 'secret')}'` : `${program} "$@"`;
  const text = `#!/bin/sh
set -C
count=1
until { true >'${base}/calls/'$count; } 2>/dev/null; do count=$((count + 1)); done
[ "$KILL_AT" != "$count before" ] || kill -9 0
PATH=/usr/bin:/bin ${real}
code=$?
[ "$KILL_AT" != "$count after" ] || kill -9 0
exit $code
`;
  writeFileSync(join(base, 'bin', program), text);
  chmodSync(join(base, 'bin', program), 0o755);
}

function give({ certificatePem, chainPem, keyPem }: MadeCertificate): void {
  const sealed = { schema: 1, key: keyPem, certificate: certificatePem, chain: chainPem };
  writeFileSync(join(base, 'secret'), `${JSON.stringify(sealed)}\n`);
}

const reload = () => `echo reloaded >>'${join(base, 'reloads')}'`;

/** Returns the exit code, null where it was killed, and the number of programs that it started. */
async function run(killAt = 'never', mode = '0640') {
  rmSync(join(base, 'calls'), { recursive: true, force: true });
  mkdirSync(join(base, 'calls'));
  const args = [script, 'certkeep/shop', join(base, 'tls'), '--mode', mode, '--reload', reload()];
  const env = { PATH: join(base, 'bin'), KILL_AT: killAt };
  const child = spawn('/bin/sh', args, { env, detached: true, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, calls: readdirSync(join(base, 'calls')).length };
}

const live = (name: string) => readFileSync(join(base, 'tls/live', name), 'utf8');
const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;

function expectPair(): void {
  const certificate = new X509Certificate(live('fullchain.pem'));
  expect(certificate.checkPrivateKey(createPrivateKey(live('privkey.pem')))).toBe(true);
}

/** A key is readable for others where its file is, and every directory above it. */
function openKeys(directory = join(base, 'tls')): readonly string[] {
  if (!existsSync(directory) || (statSync(directory).mode & 0o001) === 0) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((each) => {
    const path = join(directory, each.name);
    if (each.isDirectory()) return openKeys(path);
    const isKey = each.isFile() && readFileSync(path, 'utf8').includes('PRIVATE');
    return isKey && (statSync(path).mode & 0o007) !== 0 ? [path] : [];
  });
}

test('killed at each of its programs, it leaves a pair that matches and no key that others read, and the next run ends the work', async () => {
  give(first);
  expect((await run()).code).toBe(0);
  cpSync(join(base, 'tls'), join(base, 'kept'), { recursive: true, verbatimSymlinks: true });
  give(second);
  let at = 1;
  for (let isOver = false; !isOver; at += step) {
    for (const when of ['before', 'after']) {
      rmSync(join(base, 'tls'), { recursive: true });
      cpSync(join(base, 'kept'), join(base, 'tls'), { recursive: true, verbatimSymlinks: true });
      rmSync(join(base, 'reloads'), { force: true });
      const { calls, code } = await run(`${at} ${when}`);
      isOver ||= calls < at;
      expect({ at, when, code }).toEqual({ at, when, code: isOver ? 0 : null });
      expectPair();
      expect(openKeys()).toEqual([]);
      expect((await run()).code).toBe(0);
      expect(serialOf(live('cert.pem'))).toBe(serialOf(second.certificatePem));
      expect({ at, when, isTold: existsSync(join(base, 'reloads')) }).toMatchObject({
        isTold: true,
      });
    }
  }
  expect(at).toBeGreaterThan(30);
}, 240_000);

test.each([
  ['a secret that is a file for the command line', ['file:///etc/hostname', '/tmp/x']],
  ['a secret that is an option', ['--debug', '/tmp/x']],
  ['a secret with a command', ['certkeep/shop$(id)', '/tmp/x']],
  ['a directory that is an option', ['certkeep/shop', '--mode=0777']],
  ['a directory with a way up', ['certkeep/shop', '/etc/nginx/../cron.d']],
  ['a version that is an option', ['certkeep/shop', '/tmp/x', '--version', '--debug']],
  ['a region that is a path', ['certkeep/shop', '/tmp/x', '--region', 'a/../../b']],
  ['an owner that is an option', ['certkeep/shop', '/tmp/x', '--owner', '--reference=/etc/shadow']],
  ['a mode by which others read the key', ['certkeep/shop', '/tmp/x', '--mode', '0644']],
])('%s is refused before anything is done', async (_, args) => {
  mkdirSync(join(base, 'calls'));
  const env = { PATH: join(base, 'bin'), KILL_AT: 'never' };
  const child = spawn('/bin/sh', [script, ...args], { env, stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(readdirSync(join(base, 'calls'))).toEqual([]);
});

test.each([
  ['a command in backquotes', '`touch HERE`'],
  ['a command in $()', '$(touch HERE)'],
  ['a quote and a command', "'; touch HERE; '"],
  ['a format of printf', '%s%n%d'],
  ['an escape that ends a string', '\\\\042; touch HERE'],
])(
  'a secret whose fields hold %s runs nothing, and leaves the pair that is live',
  async (_, text) => {
    give(first);
    await run();
    const hostile = text.replace('HERE', join(base, 'here'));
    give({ ...second, certificatePem: hostile, chainPem: hostile, keyPem: hostile });
    expect((await run()).code).toBe(1);
    expect(existsSync(join(base, 'here'))).toBe(false);
    expectPair();
  },
);
