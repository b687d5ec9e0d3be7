import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pemFiles, pfxFiles } from '#cli/keep/export/files.ts';
import { problemsOf } from '#cli/keep/export/pair.ts';
import { isReloadDue, noteReload, reload } from '#cli/keep/export/reload.ts';
import { changedFiles, removeLeftOver, writeFiles } from '#cli/keep/export/write-files.ts';
import { Secret } from '#shared/secret.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { now } from '#test/support/healthy.ts';
import { textsWithKey } from '#test/support/key-traces.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'certkeep-export-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function pairOf(wish: Parameters<typeof makeCertificate>[0] = {}) {
  const { certificatePem, chainPem, keyPem } = await makeCertificate(wish);
  return { versionId: 'one', certificatePem, chainPem, keyPem: new Secret(keyPem) };
}

const namesOf = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name);
const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');
const modeOf = (name: string) => statSync(join(directory, name)).mode & 0o777;

test('the key comes first, for its owner alone; then the chain with the leaf, the chain, the leaf', async () => {
  const files = pemFiles(await pairOf());
  expect(namesOf(files)).toEqual(['privkey.pem', 'fullchain.pem', 'chain.pem', 'cert.pem']);
  writeFiles(directory, files);
  expect(files.map(({ name }) => modeOf(name))).toEqual([0o600, 0o644, 0o644, 0o644]);
  expect(textOf('fullchain.pem')).toBe(textOf('cert.pem') + textOf('chain.pem'));
  const leaf = new X509Certificate(textOf('cert.pem'));
  expect(leaf.checkPrivateKey(createPrivateKey(textOf('privkey.pem')))).toBe(true);
  expect(readdirSync(directory)).toHaveLength(4);
});

test('what is there as it should be is not written again', async () => {
  const files = pemFiles(await pairOf());
  writeFiles(directory, files);
  expect(changedFiles(directory, files)).toEqual([]);
  chmodSync(join(directory, 'privkey.pem'), 0o644);
  writeFileSync(join(directory, 'chain.pem'), 'of somebody');
  rmSync(join(directory, 'cert.pem'));
  expect(namesOf(changedFiles(directory, files))).toEqual(['privkey.pem', 'chain.pem', 'cert.pem']);
});

test('a link in the place of a file is replaced, and not followed', async () => {
  const files = pemFiles(await pairOf());
  const elsewhere = join(directory, 'elsewhere');
  writeFileSync(elsewhere, 'theirs');
  symlinkSync(elsewhere, join(directory, 'privkey.pem'));
  writeFiles(directory, changedFiles(directory, files));
  expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
  expect(textOf('privkey.pem')).toContain('PRIVATE KEY');
});

test('where a file cannot be put into place, nothing of the key is left beside it', async () => {
  const files = pemFiles(await pairOf());
  mkdirSync(join(directory, 'privkey.pem', 'full'), { recursive: true });
  expect(() => writeFiles(directory, files)).toThrow();
  expect(readdirSync(directory)).toEqual(['privkey.pem']);
});

test('what a killed run has left is removed after an hour; nothing else is', () => {
  const [old, young] = ['.certkeep-0123456789abcdef.tmp', '.certkeep-fedcba9876543210.tmp'];
  for (const name of [old, young, 'notes.tmp']) writeFileSync(join(directory, name), 'a key');
  const past = addMs(new Date(), -2 * hourMs);
  for (const name of [old, 'notes.tmp']) utimesSync(join(directory, name), past, past);
  removeLeftOver(directory, new Date());
  expect(readdirSync(directory).toSorted()).toEqual([young, 'notes.tmp']);
});

test('a PKCS #12 file is one file for its owner, and is written again with another password', async () => {
  const pair = await pairOf();
  const files = pfxFiles(pair, 'shop', new Secret('one'));
  writeFiles(directory, files);
  expect([namesOf(files), modeOf('certificate.pfx')]).toEqual([['certificate.pfx'], 0o600]);
  expect(changedFiles(directory, pfxFiles(pair, 'shop', new Secret('one')))).toEqual([]);
  expect(changedFiles(directory, pfxFiles(pair, 'shop', new Secret('two')))).toHaveLength(1);
});

test('files that are printed by accident show no key', async () => {
  const made = await makeCertificate();
  const pair = { ...made, versionId: 'one', keyPem: new Secret(made.keyPem) };
  const files = [...pemFiles(pair), ...pfxFiles(pair, 'shop', new Secret('one'))];
  const texts = [inspect(files, { depth: 9 }), JSON.stringify(files), `${files.map(String)}`];
  expect(textsWithKey(texts, [made.keyPem])).toEqual([]);
});

test.each([
  ['a sound pair', async () => pairOf(), ['shop.example.com'], []],
  ['another name', async () => pairOf(), ['shop.example.com', 'a.test'], ['it is not for a.test']],
  [
    'a name below a wildcard',
    async () => pairOf({ names: ['*.example.com'] }),
    ['shop.example.com'],
    [],
  ],
  [
    'the key of another certificate',
    async () => ({ ...(await pairOf()), keyPem: (await pairOf({ key: 'ecdsa-p384' })).keyPem }),
    [],
    ['it is for another key'],
  ],
  [
    'an expired certificate',
    async () => pairOf({ notBefore: addMs(now, -dayMs), notAfter: addMs(now, -hourMs) }),
    [],
    [expect.stringContaining('it expired at ')],
  ],
  [
    'the chain of somebody else',
    async () => ({ ...(await pairOf()), chainPem: (await pairOf()).certificatePem }),
    [],
    [expect.stringContaining('did not sign')],
  ],
])('%s: it says what is wrong', async (_, pair, names, problems) => {
  expect(problemsOf(await pair(), { names, now })).toEqual(problems);
});

test('a reload stays due until it has worked, also where two exports note it at once', async () => {
  expect(isReloadDue(directory)).toBe(false);
  noteReload(directory);
  noteReload(directory);
  expect(await reload(directory, 'exit 3')).toBe(3);
  expect(isReloadDue(directory)).toBe(true);
  expect(await reload(directory, 'kill -TERM $$')).toBe(143);
  expect(await reload(directory, 'true')).toBe(0);
  expect(isReloadDue(directory)).toBe(false);
});
