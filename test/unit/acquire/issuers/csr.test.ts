import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { createCsr, createKey } from '#shared/x509/csr.ts';

describe('a key', () => {
  test.each(keyAlgorithms.filter((each) => each !== 'rsa-3072' && each !== 'rsa-4096'))(
    'of %s is PKCS#8 and prints nothing',
    (algorithm) => {
      const key = createKey(algorithm);
      expect(key.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
      expect(`${key} ${JSON.stringify({ key })}`).not.toContain('BEGIN');
      const { asymmetricKeyType } = createPrivateKey(key.reveal());
      expect(asymmetricKeyType).toBe(algorithm.startsWith('rsa') ? 'rsa' : 'ec');
    },
  );
});

describe('a request', () => {
  test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)(
    'with %s is signed by the key and holds exactly the names',
    async (algorithm) => {
      const names = ['example.com', '*.example.com', 'xn--bcher-kva.example'];
      const csr = createCsr(createKey(algorithm), names);
      expect(csr).toMatch(/^[A-Za-z0-9_-]+$/);
      const request = new x509.Pkcs10CertificateRequest(Buffer.from(csr, 'base64url'));
      expect(await request.verify()).toBe(true);
      expect(request.subject).toBe('');
      const raw = request.getExtension('2.5.29.17')?.rawData ?? new ArrayBuffer();
      const san = new x509.SubjectAlternativeNameExtension(raw);
      expect(san.names.items.map(({ value }) => value)).toEqual(names);
    },
  );
});

test.each([1, 5, 100])(
  'a request for %i names of any length is read by openssl and by us',
  async (count) => {
    const names = Array.from(
      { length: count },
      (_, at) => `${'n'.repeat((at % 60) + 1)}.example.com`,
    );
    const csr = createCsr(createKey('ecdsa-p256'), names);
    const request = new x509.Pkcs10CertificateRequest(Buffer.from(csr, 'base64url'));
    expect(await request.verify()).toBe(true);
    const text = execFileSync('openssl', ['req', '-inform', 'DER', '-noout', '-text', '-verify'], {
      input: Buffer.from(csr, 'base64url'),
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString();
    expect(text.match(/DNS:[^,\s]+/g)).toEqual(names.map((name) => `DNS:${name}`));
  },
);
