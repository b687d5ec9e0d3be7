import { expect, test } from 'vitest';
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
