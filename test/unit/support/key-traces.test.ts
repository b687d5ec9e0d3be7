import { createPrivateKey, createPublicKey } from 'node:crypto';
import { makeKey } from 'local-cloud/ca/x509.ts';
import { expect, test } from 'vitest';
import { privateKeysIn, textsWithKey } from '#test/support/key-traces.ts';

const { keyPem } = makeKey('ecdsa-p256');
const key = createPrivateKey(keyPem);
const der = key.export({ type: 'pkcs8', format: 'der' });

test.each([
  ['PEM', keyPem],
  ['PEM in JSON', JSON.stringify({ key: keyPem })],
  ['base64 of PEM', Buffer.from(keyPem).toString('base64')],
  ['DER as base64', der.toString('base64')],
  ['DER as hex', der.toString('hex')],
  ['a byte list', JSON.stringify([...der])],
  ['a printed buffer list', `[ ${[...der].join(', ')} ]`],
  ['JWK', JSON.stringify(key.export({ format: 'jwk' }))],
])('a key is found as %s', (_, text) => {
  expect(textsWithKey([`before ${text} after`, 'innocent'], [keyPem])).toHaveLength(1);
});

test('a public key or another private key is no trace', () => {
  const other = makeKey('ecdsa-p256').keyPem;
  expect(textsWithKey([other], [keyPem])).toEqual([]);
});

test("the content of a key's certificate is no trace of the key", () => {
  const spki = createPublicKey(keyPem).export({ type: 'spki', format: 'der' });
  // Three bytes make four characters of base64: what goes before decides how it is written.
  const written = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), spki]));
  const texts = written.flatMap((bytes) => [
    bytes.toString('base64'),
    bytes.toString('hex'),
    [...bytes].join(', '),
    Buffer.from(bytes.toString('base64')).toString('base64'),
  ]);
  expect(textsWithKey(texts, [keyPem])).toEqual([]);
});

test('keys are found in what the key store holds', () => {
  expect(privateKeysIn([JSON.stringify({ key: keyPem })])).toEqual([keyPem.trim()]);
});
