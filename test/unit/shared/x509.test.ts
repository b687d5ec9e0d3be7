import { expect, test } from 'vitest';
import { alternativeNames } from '#shared/x509/alternative-names.ts';
import { certificatePems, pemBlocks } from '#shared/x509/pem.ts';

function block(label: string, content: string): string {
  return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----`;
}

test('blocks come in their order, with their labels, whatever stands around them', () => {
  const text = `a note\r\n${block('EC PRIVATE KEY', 'AA==')}\n\n${block('CERTIFICATE', 'BB==')} the end`;
  expect(pemBlocks(text)).toEqual([
    { label: 'EC PRIVATE KEY', text: block('EC PRIVATE KEY', 'AA==') },
    { label: 'CERTIFICATE', text: block('CERTIFICATE', 'BB==') },
  ]);
  expect(certificatePems(text)).toEqual([block('CERTIFICATE', 'BB==')]);
});

test('a block that holds no base64 is still one, so that nobody passes over it', () => {
  expect(certificatePems(block('CERTIFICATE', '?'))).toHaveLength(1);
});

test('a block that ends otherwise than it began, or never, is none', () => {
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAA==\n-----END PRIVATE KEY-----')).toEqual([]);
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAA==\n')).toEqual([]);
});

test('names come with their kinds, and what is neither name nor address keeps its own in front', () => {
  const subjectAltName =
    'DNS:Example.com, IP Address:192.0.2.1, email:a@example.com, DNS:"a\\u002c b"';
  expect(alternativeNames({ subjectAltName })).toEqual([
    { kind: 'DNS', name: 'Example.com' },
    { kind: 'IP Address', name: '192.0.2.1' },
    { kind: null, name: 'email:a@example.com' },
    { kind: 'DNS', name: '"a\\u002c b"' },
  ]);
  expect(alternativeNames({ subjectAltName: undefined })).toEqual([]);
});
