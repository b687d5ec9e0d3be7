import { generateKeyPairSync } from 'node:crypto';
import { crypto } from 'acme-client';
import { expect, test } from 'vitest';
import { getJwk } from '#infra/stubs/acme-crypto.ts';
import { request } from '#infra/stubs/acme-transport.ts';
import { defaultProvider } from '#infra/stubs/credential-chain.ts';
import {
  EventStreamSerde,
  eventStreamSerdeProvider,
  resolveEventStreamSerdeConfig,
} from '#infra/stubs/event-streams.ts';
import { Md5Js, Sha1Js, Sha256Js } from '#infra/stubs/script-hashes.ts';

test('a client without credentials fails when it looks for them, not before', async () => {
  const provider = defaultProvider();
  await expect(provider()).rejects.toThrow('without credentials');
});

test('a transport that nobody replaced sends nothing', async () => {
  await expect(request()).rejects.toThrow('its own transport');
});

test('a client is configured without streams of events, and has none', () => {
  const config = { region: 'eu-west-1' };
  expect(resolveEventStreamSerdeConfig(config)).toBe(config);
  expect(eventStreamSerdeProvider).toThrow('no event streams');
  expect(() => new EventStreamSerde()).toThrow('no event streams');
});

test.each([Md5Js, Sha1Js, Sha256Js])('there is no hash besides those of node:crypto', (Hash) => {
  expect(() => new Hash()).toThrow('node:crypto lacks a hash');
});

test.each([
  ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
] as const)('a key of kind %s is the JSON Web Key that acme-client makes of it', (_, make) => {
  const pem = make().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  expect(JSON.stringify(getJwk(pem))).toBe(JSON.stringify(crypto.getJwk(pem)));
});
