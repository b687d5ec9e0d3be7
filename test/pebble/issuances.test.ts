import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Pebble, startPebble } from '#local/ca/pebble.ts';
import { addMs, dayMs, hourMs, systemClock } from '#shared/clock.ts';
import type { IssuerConfig } from '#shared/config/config.ts';
import { personalSecrets } from '#test/support/issuer-deps.ts';
import { type PebbleStage, pebbleStage } from './stage.ts';

/** Pebble 2.10 or later; `PEBBLE_ISSUANCES` says how many certificates each case gets, 3 unless told. */
const binary = process.env.PEBBLE;
const count = Number(process.env.PEBBLE_ISSUANCES ?? 3);
const patience = { timeout: 60_000 + count * 2_000 };

let pebble: Pebble;
let directory: string;
afterEach(async () => {
  await pebble?.close();
  await rm(directory, { recursive: true });
});

type Setting = {
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly issuer?: Partial<IssuerConfig>;
  readonly secrets?: ReturnType<typeof personalSecrets>;
};

const ids = Array.from({ length: count }, (_, at) => `c${at}`);
const names = Object.fromEntries(
  ids.map((id, at) => [
    id,
    at % 3 === 0 ? [`${id}.example.com`, `*.${id}.example.com`] : [`${id}.example.com`],
  ]),
);

async function start({ environment, settings, issuer, secrets }: Setting): Promise<PebbleStage> {
  directory = await mkdtemp(join(tmpdir(), 'pebble-'));
  pebble = await startPebble({
    binary: binary ?? '',
    dnsAddress: '127.0.0.1:1',
    directory,
    settings: { certificateValidityPeriod: (90 * dayMs) / 1_000, ...settings },
    environment: { PEBBLE_VA_ALWAYS_VALID: '1', PEBBLE_AUTHZREUSE: '0', ...environment },
  });
  const config: IssuerConfig = {
    type: 'acme',
    directory: pebble.directoryUrl,
    termsOfServiceAgreed: true,
    contact: [],
    caBundle: pebble.rootPem,
    ...issuer,
  };
  return pebbleStage(config, names, secrets);
}

const hmacKey = Buffer.from('a key of thirty-two bytes, no less').toString('base64url');
const eab = {
  settings: { externalAccountBindingRequired: true, externalAccountMACKeys: { 'kid-1': hmacKey } },
  issuer: { externalAccountBinding: { secret: 'eab' } },
  secrets: personalSecrets({ eab: JSON.stringify({ kid: 'kid-1', hmacKey }) }),
};
const profiles = {
  profiles: {
    long: { description: 'long', validityPeriod: (90 * dayMs) / 1_000 },
    short: { description: 'short', validityPeriod: (6 * dayMs) / 1_000 },
  },
};
const half = { PEBBLE_WFE_NONCEREJECT: '50' };

describe.skipIf(!binary)('none is lost and none doubled at Pebble', () => {
  test.each<[string, Setting]>([
    ['that refuses half of its nonces', { environment: half }],
    [
      'that reuses half of the authorizations',
      { environment: { ...half, PEBBLE_AUTHZREUSE: '50' } },
    ],
    ['that reuses all authorizations', { environment: { ...half, PEBBLE_AUTHZREUSE: '100' } }],
    [
      'that asks for patience in both forms',
      { environment: half, settings: { retryAfter: { authz: 1, order: 1 } } },
    ],
    [
      'with other roots and long chains',
      {
        environment: { ...half, PEBBLE_ALTERNATE_ROOTS: '2', PEBBLE_CHAIN_LENGTH: '3' },
      },
    ],
    ['that binds accounts', { environment: half, ...eab }],
    ['with a long profile', { environment: half, settings: profiles, issuer: { profile: 'long' } }],
    [
      'with a short profile',
      { environment: half, settings: profiles, issuer: { profile: 'short' } },
    ],
  ])('%s', patience, async (_, setting) => {
    const stage = await start(setting);
    for (const id of ids) {
      const { attempt, txt, versions } = await stage.settle(id);
      expect([versions.length, attempt, txt]).toEqual([1, null, []]);
      const { validFromDate, validToDate } = new X509Certificate(await stage.certificateOf(id));
      const days = (validToDate.getTime() - validFromDate.getTime()) / dayMs;
      expect(Math.round(days)).toBe(setting.issuer?.profile === 'short' ? 6 : 90);
    }
    expect(pebble.issued()).toBe(count);
  });
});

const at = (ms: number) => addMs(systemClock.now(), ms).toISOString();
const window = (startMs: number, endMs: number) =>
  JSON.stringify({ suggestedWindow: { start: at(startMs), end: at(endMs) } });

describe.skipIf(!binary)('what Pebble advises about a renewal', () => {
  test.each<[string, () => string, number]>([
    ['now', () => window(-hourMs, hourMs), 2],
    ['in the past', () => window(-2 * hourMs, -hourMs), 2],
    ['before it begins', () => window(hourMs, -hourMs), 1],
    ['that is none', () => '{"suggestedWindow": "soon"', 1],
    ['in a month', () => window(30 * dayMs, 31 * dayMs), 1],
  ])('a window %s is followed where it can be', patience, async (_, told, expected) => {
    const stage = await start({ environment: half });
    for (const id of ids) {
      await stage.settle(id);
      await manage('/set-renewal-info/', {
        Certificate: await stage.certificateOf(id),
        ARIResponse: told(),
      });
    }
    stage.pass(2 * dayMs);
    for (const id of ids) {
      const { versions, renewalInfo } = await stage.settle(id);
      expect(versions).toHaveLength(expected);
      if (expected === 1) expect(renewalInfo?.nextCheckAt).toBeTruthy();
    }
    expect(pebble.issued()).toBe(expected * count);
  });
});

async function manage(path: string, body: object): Promise<void> {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'user-agent': 'certkeep-test', 'content-type': 'application/json' };
    const request = https.request(
      `${pebble.managementUrl}${path}`,
      { method: 'POST', ca: pebble.rootPem, headers, agent: false },
      (response) => response.resume().on('end', () => resolve(response.statusCode)),
    );
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
  expect(status).toBe(200);
}
