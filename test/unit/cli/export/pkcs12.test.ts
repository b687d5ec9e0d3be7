import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterAll, expect, test } from 'vitest';
import { pkcs12 } from '#cli/keep/export/pkcs12.ts';
import { certificatePems } from '#shared/x509/pem.ts';

const directory = mkdtempSync(join(tmpdir(), 'certkeep-pkcs12-'));
afterAll(() => rmSync(directory, { recursive: true }));

const password = `it's a "pass word" \\ $(id)`;
const hasKeytool = spawnSync('keytool', ['-help']).error === undefined;

async function given(key: 'ecdsa-p256' | 'ecdsa-p384' | 'rsa-2048') {
  const made = await makeCertificate({ key });
  const pems = certificatePems(`${made.certificatePem}\n${made.chainPem}`);
  const der = createPrivateKey(made.keyPem).export({ type: 'pkcs8', format: 'der' });
  const certificates = pems.map((pem) => new X509Certificate(pem).raw);
  return { made, pems, input: { key: der, certificates, name: 'shop', password } };
}

function written(pfx: Buffer): string {
  const path = join(directory, 'a.pfx');
  writeFileSync(path, pfx);
  writeFileSync(join(directory, 'password'), password);
  return path;
}

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)(
  'openssl finds key and chain of %s in it',
  async (key) => {
    const { input, pems } = await given(key);
    const path = written(pkcs12(input));
    const from = [
      'pkcs12',
      '-in',
      path,
      '-passin',
      `file:${join(directory, 'password')}`,
      '-nodes',
    ];
    const text = execFileSync('openssl', from, { encoding: 'utf8', stdio: 'pipe' });
    expect(certificatePems(text).map((pem) => new X509Certificate(pem).serialNumber)).toEqual(
      pems.map((pem) => new X509Certificate(pem).serialNumber),
    );
    const [keyPem = ''] = /-----BEGIN PRIVATE KEY[\s\S]*END PRIVATE KEY-----/.exec(text) ?? [];
    const found = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
    expect(found.equals(input.key)).toBe(true);
    expect(text.match(/friendlyName: shop/g)).toHaveLength(2);
  },
);

test('Node opens it with its password, and with no other', async () => {
  const pfx = pkcs12((await given('ecdsa-p256')).input);
  expect(createSecureContext({ pfx, passphrase: password })).toBeDefined();
  expect(() => createSecureContext({ pfx, passphrase: 'another' })).toThrow();
});

test.skipIf(!hasKeytool)('Java finds the entry with its chain', { timeout: 60_000 }, async () => {
  const { input, pems } = await given('ecdsa-p256');
  const path = written(pkcs12(input));
  const options = [
    '-list',
    '-v',
    '-keystore',
    path,
    '-storepass:file',
    join(directory, 'password'),
  ];
  const text = execFileSync('keytool', options, { encoding: 'utf8', stdio: 'pipe' });
  expect(text).toContain('Alias name: shop');
  expect(text).toContain('Entry type: PrivateKeyEntry');
  expect(text).toContain(`Certificate chain length: ${pems.length}`);
});

test('the same pair with the same password has the same bytes; anything else has others all over', async () => {
  const { input } = await given('ecdsa-p256');
  const once = pkcs12(input);
  expect(pkcs12(input).equals(once)).toBe(true);
  const renewed = { ...input, certificates: (await given('ecdsa-p256')).input.certificates };
  const others = [{ ...input, password: 'another' }, { ...input, name: 'blog' }, renewed];
  for (const other of others) {
    expect(
      lastBytes(pkcs12(other)).filter((byte, at) => byte === lastBytes(once)[at]).length,
    ).toBeLessThan(8);
  }
});

/** The salt of the MAC, which ends with the count of rounds. */
function lastBytes(pfx: Buffer): number[] {
  return [...pfx.subarray(-20, -4)];
}

test('no key stands in it in clear', async () => {
  const { input } = await given('ecdsa-p256');
  expect(pkcs12(input).includes(input.key.subarray(40, 60))).toBe(false);
});
