import { csrFor } from 'local-cloud/kit/acme-world.ts';
import { expect, test } from 'vitest';
import { createCsr, createKey, publicKeyOf } from '#shared/x509/csr.ts';
import { readCsr } from '#shared/x509/read-csr.ts';

const names = ['example.com', '*.example.com'];

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)(
  'a request of ours with %s is read as it was made',
  (algorithm) => {
    const key = createKey(algorithm);
    const facts = readCsr(createCsr(key, names));
    expect(facts).toEqual({ publicKey: publicKeyOf(key), names, isSigned: true });
  },
);

test('a request from another library is read, too', async () => {
  const made = (await csrFor(...names)).toString().replace(/-----[^-]+-----|\s/g, '');
  const facts = readCsr(Buffer.from(made, 'base64').toString('base64url'));
  expect(facts).toMatchObject({ names, isSigned: true });
});

test('one whose names were changed is not signed', () => {
  const der = Buffer.from(createCsr(createKey('ecdsa-p256'), ['example.com']), 'base64url');
  der.write('f', der.indexOf('example.com'));
  const facts = readCsr(der.toString('base64url'));
  expect(facts).toMatchObject({ names: ['fxample.com'], isSigned: false });
});

test.each(['', 'AA', 'MAA', createCsr(createKey('ecdsa-p256'), names).slice(0, 60)])(
  'bytes that are no request are refused: %s',
  (text) => {
    expect(() => readCsr(text)).toThrow();
  },
);
