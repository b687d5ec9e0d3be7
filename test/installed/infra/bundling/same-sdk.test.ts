import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleOptions } from '#infra/bundling/options.ts';
import { systemClock } from '#shared/time/clock.ts';
import * as plain from './sdk.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'certkeep-sdk-'));
let cloud: Cloud;
/** The same file after everything that infra/bundling does to the SDK. */
let lean: typeof plain;

beforeAll(async () => {
  cloud = await startCloud({ clock: systemClock, consistency: usualConsistency });

  const options = bundleOptions(root, 'test/installed/infra/bundling/sdk.ts', directory);
  await build({ ...options, sourcemap: false });
  lean = await import(pathToFileURL(join(directory, 'index.mjs')).href);
});

afterAll(async () => {
  await cloud.close();
  rmSync(directory, { recursive: true });
});

const options = () => ({ ...operatorClient(cloud, 'us-east-1'), maxAttempts: 1 });

/** Everything an error says, but for what is different at every call. */
async function refused(call: (() => Promise<unknown>) | undefined): Promise<unknown> {
  const error = await call?.().catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error('nothing was refused');
  const { requestId, ...metadata } = (error as Error & { $metadata: { requestId?: string } })
    .$metadata;
  const told = { ...error, RequestId: null, $metadata: metadata, $response: null };
  return { ...told, name: error.name, message: error.message };
}

test('a written value is read back', async () => {
  expect(await lean.roundTrip(options(), 'by-the-bundle')).toBe('written');
});

test.each(Object.keys(plain.refusals({ endpoint: '', region: '' })))(
  '%s refuses in the same words',
  async (name) => {
    const [expected, seen] = [
      await refused(plain.refusals(options())[name]),
      await refused(lean.refusals(options())[name]),
    ];
    expect(expected).toMatchObject({ $fault: 'client', message: expect.stringMatching(/.../) });
    expect(seen).toEqual(expected);
  },
);

test('there are no credentials but those that are given', async () => {
  const { credentials, ...without } = options();
  await expect(lean.refusals(without).SQS?.()).rejects.toThrow('without credentials');
});
