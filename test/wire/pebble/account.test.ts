import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pebble, startPebble } from 'local-cloud/ca/pebble.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createIssuer } from '#shared/issuers/registry.ts';
import { systemClock } from '#shared/time/clock.ts';
import { accountKeys } from '#test/support/account-keys.ts';
import { issuerConfig } from '#test/support/acme-lab.ts';
import { issuerDeps } from '#test/support/issuer-deps.ts';
import { loadedIssuers } from '#test/support/loaded-issuers.ts';
import { binary, patience } from './lab.ts';

describe.skipIf(!binary)('the account at Pebble', () => {
  let directory: string;
  let pebble: Pebble;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pebble-'));
    pebble = await startPebble({
      binary: binary ?? '',
      dnsAddress: '127.0.0.1:1',
      directory,
      environment: { PEBBLE_WFE_NONCEREJECT: '50' },
    });
  });
  afterEach(async () => {
    await pebble?.close();
    await rm(directory, { recursive: true });
  });

  test('goes on with a new key, and is replaced once it is deactivated', patience, async () => {
    const keyStore = accountKeys();
    const process = () =>
      createIssuer(
        loadedIssuers,
        issuerConfig(pebble),
        issuerDeps({ keyStore, clock: systemClock }),
      );
    const warm = process();
    const { url } = await warm.newOrder(['www.example.com']);
    const { accountUrl, keyThumbprint } = await warm.about();
    const after = await process().account.replaceKey(keyThumbprint);
    expect(after).not.toBe(keyThumbprint);
    expect(await warm.order(url)).toMatchObject({ status: 'pending' });
    expect(await process().about()).toMatchObject({ accountUrl, keyThumbprint: after });

    await process().account.deactivate();
    expect(await process().account.keyInUse()).toBeNull();
    await warm.newOrder(['www.example.com']);
    const about = await warm.about();
    expect(about.accountUrl).not.toBe(accountUrl);
    expect([keyThumbprint, after]).not.toContain(about.keyThumbprint);
  });
});
