import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SynthFailed, synthesize } from '#local/demo/synth.ts';
import { configYaml } from '#test/support/config-yaml.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certkeep-synth-'));
});
afterEach(() => rm(directory, { recursive: true }));

const home = { account: '123456789012', region: 'us-east-1' };
const timings = { pollMs: 1, spreadMs: 2, reprobeMs: 3, retryDelaysMs: [4, 5] };

test('the app is run as the CDK runs it, with its code bundled and its waits as told', async () => {
  const { stacks } = await synthesize({ configText: configYaml(), home, timings, directory });
  expect(stacks.map(({ stackName, region }) => [stackName, region])).toEqual([
    ['certkeep-key-of-us-east-1', 'us-east-1'],
    ['certkeep-key-replica-of-us-east-1', 'eu-west-1'],
    ['certkeep-replica-of-us-east-1', 'eu-west-1'],
    ['certkeep', 'us-east-1'],
  ]);
  const certkeep = stacks.at(-1);
  const check = Object.values(certkeep?.template.Resources ?? {}).find(
    ({ Properties }) => Properties.FunctionName === 'certkeep-check',
  );
  expect(check?.Properties.Environment).toMatchObject({
    Variables: {
      CERTKEEP_POLL_MS: '1',
      CERTKEEP_SPREAD_MS: '2',
      CERTKEEP_REPROBE_MS: '3',
      CERTKEEP_RETRY_DELAYS_MS: '4,5',
    },
  });
  const code = certkeep?.assets.filter(({ read }) => read === null) ?? [];
  expect(code).toHaveLength(6);
  for (const { path } of code) {
    expect(await readFile(join(path, 'index.mjs'), 'utf8')).toContain('handler');
  }
});

test('a configuration that the app refuses is told in its words, without a stack trace', async () => {
  const configText = configYaml({ issuers: 'issuers: {}' });
  const failing = synthesize({ configText, home, timings, directory });
  await expect(failing).rejects.toThrow(SynthFailed);
  await expect(failing).rejects.toThrow(/certkeep\.yaml: \d+ problem/);
  await expect(failing).rejects.not.toThrow(/^\s+at /m);
});
