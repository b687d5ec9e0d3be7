import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { httpDocumentClient } from '#shared/keystores/template/client.ts';
import { templateKeyStore } from '#shared/keystores/template/template.ts';
import { fakeKeyStore } from '#test/support/fake-key-store.ts';
import { material, newKey, secretsLab } from '#test/wire/keystores/secrets-lab.ts';

type KeyStoreHarness = {
  /** As a process of its own. */
  store(): KeyStore;
  close(): Promise<void>;
};

async function secretsManager(): Promise<KeyStoreHarness> {
  const lab = await secretsLab();
  return { store: () => lab.anotherKeyStore(), close: lab.close };
}

/** What tests of other things stand on has to keep the same promises. */
async function inMemory(): Promise<KeyStoreHarness> {
  const store = fakeKeyStore();
  return { store: () => store, close: async () => undefined };
}

async function documents(): Promise<KeyStoreHarness> {
  const held = new Map<string, { document: unknown; version: number }>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    let body = '';
    for await (const chunk of request) body += chunk;
    const stored = held.get(path);
    if (request.method === 'GET') {
      response.writeHead(stored ? 200 : 404).end(JSON.stringify(stored ?? null));
      return;
    }
    const { document, over } = JSON.parse(body);
    if (over !== (stored?.version ?? 0)) return void response.writeHead(409).end();
    held.set(path, { document, version: over + 1 });
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    store: () => templateKeyStore(httpDocumentClient(url)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe.each([
  ['secrets-manager', secretsManager],
  ['template', documents],
  ['of the tests', inMemory],
] as const)('a key store of type %s', (_, start) => {
  let harness: KeyStoreHarness;
  beforeEach(async () => {
    harness = await start();
  });
  afterEach(() => harness.close());

  test('returns the key of an attempt later, and none for another attempt', async () => {
    const key = newKey();
    await harness.store().storeKey('shop', 'v1', key);
    expect((await harness.store().readKey('shop', 'v1'))?.reveal()).toBe(key.reveal());
    expect(await harness.store().readKey('shop', 'v2')).toBeNull();
    expect(await harness.store().readKey('blog', 'v1')).toBeNull();
  });

  test('gives an attempt one key, whoever stores one at once or later', async () => {
    const stores = [1, 2, 3].map(() => harness.store().storeKey('shop', 'v1', newKey()));
    const keys = await Promise.all(stores);
    const later = await harness.store().storeKey('shop', 'v1', newKey());
    expect(new Set([...keys, later].map((key) => key.reveal())).size).toBe(1);
  });

  test('gives a version back as it was stored, any number of times', async () => {
    const key = newKey();
    await harness.store().storeKey('shop', 'v1', key);
    for (let n = 0; n < 2; n += 1) await harness.store().storeVersion('shop', 'v1', material(key));
    const stored = await harness.store().readVersion('shop', 'v1');
    expect(stored).toMatchObject({ versionId: 'v1', certificatePem: 'leaf', chainPem: 'chain' });
    expect(stored?.keyPem.reveal()).toBe(key.reveal());
    expect(await harness.store().versions('shop')).toEqual(['v1']);
  });

  test('puts a version into service when it is promoted, and not before', async () => {
    const key = newKey();
    await harness.store().storeKey('shop', 'v1', key);
    await harness.store().storeVersion('shop', 'v1', material(key));
    expect(await harness.store().current('shop')).toBeNull();
    await harness.store().promote('shop', 'v1', ['v1']);
    expect((await harness.store().current('shop'))?.versionId).toBe('v1');
    await harness.store().storeVersion('shop', 'v2', material(newKey(), 'leaf 2'));
    expect((await harness.store().current('shop'))?.versionId).toBe('v1');
    await harness.store().promote('shop', 'v2', ['v1', 'v2']);
    expect((await harness.store().current('shop'))?.certificatePem).toBe('leaf 2');
    expect((await harness.store().readVersion('shop', 'v1'))?.certificatePem).toBe('leaf');
  });

  test('makes the key of an account once', async () => {
    const keys = await Promise.all(
      [1, 2, 3].map(() => harness.store().accountKey('ca.example-1', newKey)),
    );
    expect(new Set(keys.map((key) => key.reveal())).size).toBe(1);
  });

  test('keeps one key to follow another, and makes it the one of the account when it is told', async () => {
    const first = await harness.store().accountKey('ca.example-1', newKey);
    expect(await harness.store().nextAccountKey('ca.example-1', 'one')).toBeNull();
    const stored = await Promise.all(
      [1, 2, 3].map(() => harness.store().storeNextAccountKey('ca.example-1', 'one', newKey)),
    );
    const next = stored[0]?.reveal();
    expect(new Set(stored.map((key) => key.reveal()))).toEqual(new Set([next]));
    expect((await harness.store().nextAccountKey('ca.example-1', 'one'))?.reveal()).toBe(next);
    const current = async () => (await harness.store().accountKey('ca.example-1', newKey)).reveal();
    expect(await current()).toBe(first.reveal());
    for (const _ of ['once', 'again']) {
      await harness.store().promoteAccountKey('ca.example-1', 'one');
      expect(await current()).toBe(next);
    }
    expect(await harness.store().nextAccountKey('ca.example-1', 'another')).toBeNull();
  });

  test('shows a key only through reveal', async () => {
    const key = newKey();
    await harness.store().storeKey('shop', 'v1', key);
    const shown = inspect([await harness.store().readKey('shop', 'v1'), key], { depth: 10 });
    expect(shown).not.toContain('PRIVATE KEY');
  });
});
