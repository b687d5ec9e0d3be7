import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from 'local-cloud/operator.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findKeptCloud } from '#cli/reach/kept-cloud.ts';
import { keepRunning } from '#local/demo/keep.ts';
import { subjects } from '#local/demo/output/inbox.ts';
import type { Setting } from '#local/demo/setting.ts';
import { configWith } from '#test/support/healthy.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'certkeep-keep-'));
  vi.stubEnv('TMPDIR', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test('the command finds a cloud that is kept running, until Ctrl-C', async () => {
  const said = vi.spyOn(console, 'log').mockReturnValue(undefined);
  const endpoint = 'http://127.0.0.1:4566';
  const setting = {
    cloud: { endpoint, sns: { published: () => [] }, dns: { address: '127.0.0.1:5353' } },
    config: configWith(),
    configFile: '/tmp/play/certkeep.yaml',
    names: { bucket: 'bucket', functionName: (stage: string) => `certkeep-${stage}` },
    dispatcher: { startSchedules: () => undefined },
  } as unknown as Setting;
  const ended = keepRunning(setting, subjects);
  const { accessKeyId, secretAccessKey } = operator;
  await vi.waitFor(() => expect(said).toHaveBeenCalled());
  expect(findKeptCloud()).toEqual({
    ...{ endpoint, region: 'us-east-1', account: '123456789012', installation: 'certkeep' },
    credentials: { accessKeyId, secretAccessKey },
    config: '/tmp/play/certkeep.yaml',
    resolver: '127.0.0.1:5353',
  });
  expect(said.mock.calls.join('\n')).toContain('npx certkeep show shop --local');
  expect(said.mock.calls.join('\n')).toContain(
    'npx cdk deploy --all deploys /tmp/play/certkeep.yaml',
  );
  process.emit('SIGINT');
  await ended;
  expect(findKeptCloud()).toBeNull();
});
