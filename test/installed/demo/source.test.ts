import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSource } from '#local/demo/source.ts';
import { configYaml } from '#test/support/config-yaml.ts';

test('warnings of a configuration come along with it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'certkeep-source-'));
  try {
    const file = join(directory, 'twice.yaml');
    const certificates =
      'certificates: {shop: {names: [a.example.com, a.example.com], issuer: letsencrypt}}';
    await writeFile(file, configYaml({ certificates }));
    expect(await readSource(file)).toMatchObject({
      config: { certificates: [{ names: ['a.example.com'] }] },
      warnings: expect.stringContaining('twice.yaml: 1 warning\n\n  certificates.shop.names[1]'),
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('the built-in fleet has none', async () => {
  expect(await readSource(undefined)).toMatchObject({ warnings: null });
});
